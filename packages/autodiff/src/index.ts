export { rootsOf } from "./backend.js";
export type { AnyBackend, AsyncBackend, Backend, Executable, Graph, NumericArray } from "./backend.js";
export { compile } from "./compile.js";
export type { ProgramOn, ProgramOptions } from "./compile.js";
export { evaluate } from "./evaluate.js";
export type { NamedFeeds } from "./evaluate.js";
export { float32 } from "./executors/float32/executor.js";
export { webAssembly } from "./executors/webassembly/executor.js";
export type { WebAssemblyOptions } from "./executors/webassembly/executor.js";
export { interpreter } from "./executors/interpreter.js";
export { explain } from "./explain.js";
export { factorRows } from "./factor-rows.js";
export type { ExplainedStep, Explanation, ProgramBytes } from "./explanation.js";
export type { Feed, ShapedValues } from "./feeds.js";
export { grad, jvp, vjp } from "./grad.js";
export { topologicalOrder } from "./graph.js";
export { input, Variable, variable } from "./leaves.js";
export {
  argMax,
  concat,
  customGradient,
  gather,
  hostOperation,
  logSoftmax,
  logSumExp,
  maximum,
  minimum,
  softmax,
  stopGradient,
  takeAlong,
  where,
} from "./operations.js";
export { validateIndices } from "./primitives/indexing.js";
export type {
  CustomReverse,
  HostArray,
  HostOperation,
  PrimitiveAttributes,
  PrimitiveName,
  TensorType,
} from "./primitives/primitive.js";
export { AsyncProgram, Program } from "./program.js";
export type { Feeds, Results, TensorRecord } from "./program.js";
export { concreteShape, elementCount, formatShape, sameShape } from "./shape.js";
export type { Bindings, Dimension, DType, Shape } from "./shape.js";
export { simplify } from "./simplify.js";
export { compileStaged, StagedProgram } from "./staged-program.js";
export type { StagedProgramOptions } from "./staged-program.js";
export { Store } from "./store.js";
export type { VariableValues } from "./store.js";
export { substitute } from "./substitute.js";
export { constant, Tensor } from "./tensor.js";
export type { MatmulOptions, TensorLike } from "./tensor.js";
export { assign } from "./update.js";
export type { Update } from "./update.js";

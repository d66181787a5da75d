import type { PrimitiveName } from "@uphill/autodiff";
import { OptionError } from "@uphill/core-math";
import { node } from "../graph/value.js";
import { cast } from "./elementwise.js";
import type { Lowering } from "./lowering.js";

/** The rows of what an expression is built from, and of the primitives that only derivatives notice. */
export const leaves = {
  input: (tensor, _, context) => {
    const value = context.input(tensor);
    if (value !== undefined) return value;
    throw new OptionError(`input "${tensor.name}": expected one of the inputs of the graph, got another`);
  },
  variable: (tensor, _, context) => context.variable(tensor),
  constant: ({ attributes: { values, shape }, dtype, name }, _, context) =>
    context.constant(values, shape.filter((length) => typeof length === "number"), dtype, name),
  size: ({ attributes: { dimensions } }, _, context) => {
    const lengths = context.shape(dimensions);
    return cast(node("ReduceProd", [lengths], { elementType: "int64", shape: [] }, { keepdims: 0 }), "float32");
  },
  stopGradient: (_, [x]) => x,
  customGradient: (_, [value]) => value,
  hostOperation: ({ attributes: { operation } }) => {
    throw new OptionError(`${operation.name}: expected what ONNX has operators for, got a host operation`);
  },
} satisfies { readonly [P in PrimitiveName]?: Lowering<P> };

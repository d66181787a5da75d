import { Store, topologicalOrder } from "@uphill/autodiff";
import type { PrimitiveName, Tensor } from "@uphill/autodiff";
import type { GraphInput, Value } from "../graph/value.js";
import { LoweringContext } from "./context.js";
import type { Lowering } from "./lowering.js";
import { lowerings } from "./table.js";

/** Expressions to write as a graph. */
export interface Expressions {
  /** What is fed at each run. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** What comes out. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Where variables have their values, which become the graph's constants; without it they have their initial ones. */
  readonly store?: Store;
}

/** The same expressions as values of an ONNX graph. */
export interface LoweredExpressions {
  readonly inputs: readonly GraphInput[];
  readonly outputs: Readonly<Record<string, Value>>;
}

/**
 * Expressions as values of an ONNX graph, each shared subexpression once. Dimensions known only at run time keep their
 * names.
 *
 * @throws OptionError where an output depends on an input that is not listed; ShapeError where no input tells the length
 *   of a named dimension.
 */
export function lower({ inputs, outputs, store = new Store() }: Expressions): LoweredExpressions {
  const context = new LoweringContext(inputs, store);
  const values = new Map<Tensor, Value>();
  for (const tensor of topologicalOrder(Object.values(outputs))) {
    values.set(tensor, lowered(tensor, tensor.inputs.map((operand) => values.get(operand)!), context));
  }
  return {
    inputs: context.inputs,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, values.get(tensor)!])),
  };
}

/** The value of a tensor; a node made for it takes over its name. */
function lowered(tensor: Tensor, inputs: readonly Value[], context: LoweringContext): Value {
  // Sound: a tensor's attributes are those of its own primitive.
  const lowering = lowerings[tensor.primitive] as Lowering<PrimitiveName>;
  const value = lowering(tensor, inputs, context);
  const isNew = value.kind === "node" && !inputs.includes(value);
  return isNew && tensor.name !== undefined ? { ...value, name: tensor.name } : value;
}

import type { PrimitiveName, Shape } from "@uphill/autodiff";
import { node } from "../graph/value.js";
import type { Value } from "../graph/value.js";
import type { LoweringContext } from "./context.js";
import { result } from "./lowering.js";
import type { Lowering } from "./lowering.js";

/** The rows of the primitives that address elements by integer tensors. */
export const indexing = {
  gather: (tensor, inputs) => result(tensor, "Gather", inputs, { axis: 0 }),

  // ScatterElements adds in order; ScatterND may add from several threads at once, in any order.
  scatterAdd: (tensor, [values, indices], context) => {
    const row = tensor.shape.slice(1);
    const count = flatLength(indices.type.shape);
    const flatValues = reshaped(values, [count, ...row], context);
    const flatIndices = reshaped(indices, [count, ...row.map(() => 1)], context);
    const size = node("Shape", [flatValues], { elementType: "int64", shape: [tensor.shape.length] });
    const everywhere = node("Expand", [flatIndices, size], { elementType: "int32", shape: [count, ...row] });
    const inputs = [zeros(tensor.shape, context), everywhere, flatValues];
    return result(tensor, "ScatterElements", inputs, { axis: 0, reduction: "add" });
  },

  takeAlong: (tensor, [x, indices], context) => {
    const last = context.integers([-1]);
    const type = { elementType: tensor.dtype, shape: [...tensor.shape, 1] };
    const taken = node("GatherElements", [x, column(indices, last)], type, { axis: -1 });
    return result(tensor, "Squeeze", [taken, last]);
  },

  putAlong: (tensor, [values, indices], context) => {
    const last = context.integers([-1]);
    const inputs = [zeros(tensor.shape, context), column(indices, last), column(values, last)];
    return result(tensor, "ScatterElements", inputs, { axis: -1 });
  },
} satisfies { readonly [P in PrimitiveName]?: Lowering<P> };

/** The value with a last axis of length 1. */
function column(value: Value, last: Value): Value {
  const { elementType, shape } = value.type;
  return node("Unsqueeze", [value, last], { elementType, shape: [...shape, 1] });
}

/** The value in a shape whose first length follows from the number of elements. */
function reshaped(value: Value, shape: Shape, context: LoweringContext): Value {
  const target = context.shape([-1, ...shape.slice(1)]);
  return node("Reshape", [value, target], { elementType: value.type.elementType, shape });
}

/** Number of elements of a shape; where only a run knows it, a name that says how it comes about: `batch*time`. */
function flatLength(shape: Shape): number | string {
  return shape.every((length) => typeof length === "number")
    ? shape.reduce((product, length) => product * length, 1)
    : shape.join("*");
}

/** Zeros in a shape. */
function zeros(shape: Shape, context: LoweringContext): Value {
  const zero = context.constant([0], [], "float32");
  return node("Expand", [zero, context.shape(shape)], { elementType: "float32", shape });
}

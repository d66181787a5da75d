import type { PrimitiveName } from "@uphill/autodiff";
import { result } from "./lowering.js";
import type { Lowering } from "./lowering.js";

/** The rows of the primitives that move elements without changing them, and of the matrix product. */
export const structure = {
  // A length of 1 in Expand's target leaves the operand's own, so only lengths that the operand lacks are asked of a run.
  broadcast: (tensor, [x], context) => {
    const { shape } = tensor.attributes;
    const offset = shape.length - x.type.shape.length;
    const target = shape.map((length, axis) => (x.type.shape[axis - offset] === length ? 1 : length));
    return result(tensor, "Expand", [x, context.shape(target)]);
  },

  // One length that only a run knows is left to Reshape, which finds it from the number of elements.
  reshape: (tensor, [x], context) => {
    const { shape } = tensor.attributes;
    const unknown = shape.filter((length) => typeof length === "string").length;
    if (unknown > 1 || shape.includes(0)) return result(tensor, "Reshape", [x, context.shape(shape)], { allowzero: 1 });
    const target = shape.map((length) => (typeof length === "number" ? length : -1));
    return result(tensor, "Reshape", [x, context.integers(target)]);
  },

  transpose: (tensor, [x]) => result(tensor, "Transpose", [x], { perm: tensor.attributes.permutation }),

  slice: (tensor, [x], context) => {
    const { axis, start, end } = tensor.attributes;
    return result(tensor, "Slice", [x, ...[start, end, axis].map((value) => context.integers([value]))]);
  },

  pad: (tensor, [x], context) => {
    const { axis, before, after } = tensor.attributes;
    const none = tensor.shape.map(() => 0);
    return result(tensor, "Pad", [x, context.integers([...none.with(axis, before), ...none.with(axis, after)])]);
  },

  concat: (tensor, inputs) => result(tensor, "Concat", inputs, { axis: tensor.attributes.axis }),

  matmul: (tensor, inputs) => {
    const { transposeA, transposeB } = tensor.attributes;
    if (!transposeA && !transposeB) return result(tensor, "MatMul", inputs);
    return result(tensor, "Gemm", inputs, { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 });
  },
} satisfies { readonly [P in PrimitiveName]?: Lowering<P> };

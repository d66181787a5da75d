import type { PrimitiveName } from "@uphill/autodiff";
import { node } from "../graph/value.js";
import { cast } from "./elementwise.js";
import { result } from "./lowering.js";
import type { Lowering } from "./lowering.js";

function alongAxes<P extends "sum" | "max">(operator: string): Lowering<P> {
  return (tensor, [x], context) => {
    const { axes, keepDimensions } = tensor.attributes;
    return result(tensor, operator, [x, context.integers(axes)], { keepdims: keepDimensions ? 1 : 0 });
  };
}

/** The rows of the primitives that combine the elements along axes. */
export const reductions = {
  sum: alongAxes<"sum">("ReduceSum"),
  max: alongAxes<"max">("ReduceMax"),
  logSumExp: (tensor, [x], context) =>
    result(tensor, "ReduceLogSumExp", [x, context.integers([-1])], { keepdims: 0 }),
  argMax: ({ shape }, [x]) =>
    cast(node("ArgMax", [x], { elementType: "int64", shape }, { axis: -1, keepdims: 0 }), "int32"),
} satisfies { readonly [P in PrimitiveName]?: Lowering<P> };

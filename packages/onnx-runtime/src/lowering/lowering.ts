import type { PrimitiveName, Tensor } from "@uphill/autodiff";
import { node } from "../graph/value.js";
import type { Attributes, Value } from "../graph/value.js";
import type { LoweringContext } from "./context.js";

/**
 * How one primitive becomes ONNX: the value of a tensor from the values of its inputs. What a rule builds and the
 * graph's outputs do not need is not written.
 */
export type Lowering<P extends PrimitiveName> = (
  tensor: Tensor<P>,
  inputs: readonly Value[],
  context: LoweringContext,
) => Value;

/** The operator's result, with the shape and type of the tensor that it is the value of. */
export function result(
  tensor: Tensor<PrimitiveName>,
  operator: string,
  inputs: readonly Value[],
  attributes: Attributes = {},
): Value {
  return node(operator, inputs, { elementType: tensor.dtype, shape: tensor.shape }, attributes);
}

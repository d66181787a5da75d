import { formatShape, sameShape, Tensor } from "@uphill/autodiff";
import type { DType, Shape } from "@uphill/autodiff";
import { OptionError, ShapeError, expectation } from "@uphill/core-math";

/**
 * The value, if it is a tensor of the dtype and, where one is given, of exactly the shape.
 *
 * @throws OptionError for what is no tensor or of another dtype; ShapeError for another shape.
 */
export function requireTensor(argument: string, value: unknown, dtype: DType, shape?: Shape): Tensor {
  if (!(value instanceof Tensor)) throw new OptionError(expectation(argument, `a ${dtype} tensor`, value));
  if (value.dtype !== dtype) throw new OptionError(`${argument}: expected a ${dtype} tensor, got ${value.dtype}`);
  if (shape !== undefined && !sameShape(value.shape, shape)) {
    throw new ShapeError(`${argument}: expected shape ${formatShape(shape)}, got ${formatShape(value.shape)}`);
  }
  return value;
}

/**
 * The last dimension of a tensor, if it is a fixed length of at least 1.
 *
 * @throws ShapeError for a scalar, an empty last axis, or one with a name.
 */
export function requireLastLength(argument: string, { shape }: Tensor): number {
  const last = shape.at(-1);
  if (typeof last === "number" && last >= 1) return last;
  throw new ShapeError(`${argument}: expected a last axis of fixed length ≥ 1, got shape ${formatShape(shape)}`);
}

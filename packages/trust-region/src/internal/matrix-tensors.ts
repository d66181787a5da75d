import { constant, formatShape, sameShape, Tensor } from "@uphill/autodiff";
import type { Shape, TensorLike } from "@uphill/autodiff";
import { expectation, OptionError, requireNumber, ShapeError } from "@uphill/core-math";
import type { NumberRange } from "@uphill/core-math";

/** The value, if it is a float32 tensor, of exactly the shape where one is given. */
export function requireFloat(argument: string, value: unknown, shape?: Shape): Tensor {
  if (!(value instanceof Tensor)) throw new OptionError(expectation(argument, "a float32 tensor", value));
  if (value.dtype !== "float32") throw new OptionError(`${argument}: expected a float32 tensor, got ${value.dtype}`);
  if (shape !== undefined && !sameShape(value.shape, shape)) {
    throw new ShapeError(`${argument}: expected shape ${formatShape(shape)}, got ${formatShape(value.shape)}`);
  }
  return value;
}

/** n of a tensor [..., n], fixed and at least 1. */
export function requireVectors(argument: string, value: unknown, shape?: Shape): number {
  const last = requireFloat(argument, value, shape).shape.at(-1);
  if (typeof last === "number" && last >= 1) return last;
  throw new ShapeError(`${argument}: expected a last axis of fixed length ≥ 1, got shape ${formatShape((value as Tensor).shape)}`);
}

/** n of a tensor [..., n, n], fixed and at least 1. */
export function requireMatrices(argument: string, value: unknown, shape?: Shape): number {
  const { shape: own } = requireFloat(argument, value, shape);
  const [rows, columns] = own.slice(-2);
  if (typeof rows === "number" && rows === columns && rows >= 1) return rows;
  throw new ShapeError(`${argument}: expected square matrices [..., n, n] of fixed n ≥ 1, got shape ${formatShape(own)}`);
}

/** A bound as a scalar tensor: a number above 0, or a scalar tensor, which is to be above 0 when it is fed. */
export function requireBound(bound: TensorLike): Tensor {
  return requireScalar("bound", bound, { above: 0 });
}

/** A number in a range as a scalar tensor, or a scalar tensor, which is to be in the range when it is fed. */
export function requireScalar(argument: string, value: TensorLike, range: NumberRange): Tensor {
  if (value instanceof Tensor) return requireFloat(argument, value, []);
  return constant(requireNumber(argument, value, range));
}

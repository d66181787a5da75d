import { expectation, NumericalError, requireArray } from "@uphill/core-math";

/** The typed arrays that rollouts are made of. */
export type Numbers = Float64Array | Float32Array | Int32Array | Uint8Array;

/**
 * Copies numbers into a part of a typed array, and checks them there.
 *
 * @param argument - Name for errors.
 * @param source - `[length]`.
 * @param target - Where they go.
 * @param start - Position of the first in `target`.
 * @param length - How many there must be.
 * @throws OptionError where the source is no array; ShapeError where its length differs; NumericalError where a number
 *   is NaN or infinite, or becomes so in the target's precision.
 */
export function copyFinite(
  argument: string,
  source: ArrayLike<number>,
  target: Numbers,
  start: number,
  length: number,
): void {
  target.set(requireArray(argument, source, length), start);
  if (target instanceof Int32Array || target instanceof Uint8Array) return;
  for (let i = start; i < start + length; i++) {
    if (!Number.isFinite(target[i])) {
      throw new NumericalError(expectation(`${argument}[${i - start}]`, "a finite number", source[i - start]));
    }
  }
}

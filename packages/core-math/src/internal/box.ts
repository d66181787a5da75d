import { OptionError } from "../errors.js";
import { describe } from "../describe.js";
import { requireArray } from "../require.js";

/** The points x with lower ≤ x ≤ upper, coordinate by coordinate; bounds may be infinite. */
export interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** A box of n coordinates from bounds of its own for each, or one for all. */
export function boxOf(n: number, lower: ArrayLike<number> | number, upper: ArrayLike<number> | number): Box {
  const box = { lower: spread("lower", lower, n), upper: spread("upper", upper, n) };
  for (let i = 0; i < n; i++) {
    if (box.lower[i] <= box.upper[i] && box.lower[i] < Infinity && box.upper[i] > -Infinity) continue;
    throw new OptionError(`lower at [${i}]: expected a bound ≤ upper, got ${describe(box.lower[i])} and ${describe(box.upper[i])}`);
  }
  return box;
}

function spread(argument: string, bound: ArrayLike<number> | number, n: number): Float64Array {
  return typeof bound === "number" ? new Float64Array(n).fill(bound) : Float64Array.from(requireArray(argument, bound, n));
}

/** out ← the point of the box nearest to x + step · direction. */
export function moveWithin(box: Box, x: Float64Array, step: number, direction: Float64Array, out: Float64Array): void {
  for (let i = 0; i < x.length; i++) {
    out[i] = Math.min(box.upper[i], Math.max(box.lower[i], x[i] + step * direction[i]));
  }
}

/** max_i |P(x − g)_i − x_i|, with P the projection into the box: 0 where x is stationary. */
export function projectedGradientNorm(box: Box, x: Float64Array, gradient: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    const target = Math.min(box.upper[i], Math.max(box.lower[i], x[i] - gradient[i]));
    largest = Math.max(largest, Math.abs(target - x[i]));
  }
  return largest;
}

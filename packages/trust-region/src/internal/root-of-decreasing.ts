import { findRoot } from "@uphill/core-math";

/**
 * Where a decreasing function crosses 0, to rounding; the end of the interval that is nearer where it does not.
 *
 * @param f - Decreasing on [lower, upper]; its values may be infinite.
 */
export function rootOfDecreasing(f: (x: number) => number, lower: number, upper: number): number {
  if (f(lower) <= 0) return lower;
  if (f(upper) >= 0) return upper;
  return findRoot(f, { lower, upper, tolerance: 0 }).root;
}

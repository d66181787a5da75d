import { logHigh, logLow } from "./internal/log-parts.js";

/**
 * The logarithm of one more, log(1 + x), with the same bits in every engine and its digits kept near 0.
 *
 * With u the rounded sum 1 + x and c what rounding left over: log(1 + x) = log u + c/u.
 *
 * @param x - Any number.
 * @returns log(1 + x), within 0.6 units in the last place; −∞ for −1, ∞ for ∞, NaN for NaN and below −1.
 */
export function log1p(x: number): number {
  if (Math.abs(x) < 2 ** -54) return x;
  const u = 1 + x;
  if (!(u > 0 && u < Infinity)) return u === 0 ? -Infinity : u < 0 ? Number.NaN : u;
  const high = logHigh(u);
  return high + (logLow() + (x - (u - 1)) / u);
}

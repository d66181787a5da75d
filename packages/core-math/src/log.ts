import { logHigh, logLow } from "./internal/log-parts.js";

/**
 * The natural logarithm, with the same bits in every engine.
 *
 * log x = k log 2 + log c + log(1 + r), where x = 2ᵏ m, c is the multiple of 1/128 nearest to m, log c comes from a
 * table and |r| ≤ 2⁻⁸.
 *
 * @param x - Any number.
 * @returns log x, within 0.51 units in the last place; −∞ for ±0, ∞ for ∞, NaN for NaN and below 0.
 */
export function log(x: number): number {
  if (x > 0 && x < Infinity) return logHigh(x) + logLow();
  if (x === 0) return -Infinity;
  return x === Infinity ? Infinity : Number.NaN;
}

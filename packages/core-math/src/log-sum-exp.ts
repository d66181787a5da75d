import { exp } from "./exp.js";
import { log1p } from "./log1p.js";
import { requireArray } from "./require.js";

/**
 * The logarithm of a sum of exponentials, log Σ_i e^(x_i), without overflow: m + log(1 + Σ e^(x_i − m)), where m is the
 * largest x and the sum runs over the others.
 *
 * It is what exact arithmetic gives for x that differ from those given by a few units in the last place. Where m and the
 * logarithm cancel, the result near 0 is small beside that: its error is then a few units in the last place of m.
 *
 * @param values - x: numbers, −∞ among them if need be.
 * @returns log Σ e^(x_i), at least the largest; −∞ for none, NaN where one is NaN.
 * @throws OptionError where `values` is no array of numbers.
 */
export function logSumExp(values: ArrayLike<number>): number {
  const { length } = requireArray("values", values);
  let largest = -Infinity;
  let place = -1;
  for (let i = 0; i < length; i++) {
    if (values[i] <= largest) continue;
    largest = values[i];
    place = i;
    if (Number.isNaN(largest)) return Number.NaN;
  }
  if (largest === Infinity || largest === -Infinity) return largest;
  let others = 0;
  for (let i = 0; i < length; i++) if (i !== place) others += exp(values[i] - largest);
  return largest + log1p(others);
}

import { expOfMinusSquare } from "./internal/exp-of-square.js";
import { scaledErfc } from "./internal/scaled-erfc.js";
import { log1p } from "./log1p.js";
import { log } from "./log.js";

/** 1/√2. */
const INVERSE_ROOT_2 = Math.sqrt(0.5);

/**
 * The standard normal distribution function Φ(x) = ½ erfc(−x/√2), with its digits kept in the lower tail.
 *
 * @param x - Any number.
 * @returns Φ(x) in [0, 1], within 4 units in the last place, down to subnormal results; 0 below −38.6, NaN for NaN.
 */
export function normalCdf(x: number): number {
  const tail = 0.5 * scaledErfc(Math.abs(x) * INVERSE_ROOT_2) * expOfMinusSquare(x, 0.5);
  return x > 0 ? 1 - tail : tail;
}

/**
 * The logarithm of the standard normal distribution function, log Φ(x), where Φ itself would vanish too.
 *
 * Below −1 log(½ e^(x²/2) erfc(−x/√2)) − x²/2; above, log(1 − Φ(−x)).
 *
 * @param x - Any number.
 * @returns log Φ(x) in [−∞, 0], within 4 units in the last place; NaN for NaN.
 */
export function logNormalCdf(x: number): number {
  if (x < -1) return log(0.5 * scaledErfc(-x * INVERSE_ROOT_2)) - 0.5 * x * x;
  return log1p(-normalCdf(-x));
}

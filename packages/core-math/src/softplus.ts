import { exp, expm1 } from "./exp.js";
import { fixedLogTwo, leading, remainder } from "./internal/fixed-point.js";
import { log1p } from "./log1p.js";
import { log } from "./log.js";

/** log 2 as a sum of two doubles. */
const LOG_2_HIGH = /* @__PURE__ */ leading(fixedLogTwo(0n), 53n);
const LOG_2_LOW = /* @__PURE__ */ remainder(fixedLogTwo(0n), 53n);

/**
 * The softplus log(1 + eˣ): a smooth max(x, 0), computed as max(x, 0) + log(1 + e^−|x|).
 *
 * @param x - Any number.
 * @returns log(1 + eˣ) in [0, ∞], within 2 units in the last place; NaN for NaN.
 */
export function softplus(x: number): number {
  const rest = log1p(exp(-Math.abs(x)));
  return x > 0 ? x + rest : rest;
}

/**
 * The inverse of {@link softplus}: the x with log(1 + eˣ) = y, that is x = log(eʸ − 1).
 *
 * Near y = log 2, where x is 0, computed as log(1 + 2 (e^(y − log 2) − 1)) with log 2 to twice the precision; above as
 * y + log(1 − e⁻ʸ).
 *
 * @param y - A number in [0, ∞].
 * @returns x, within 3 units in the last place, near its zero too; −∞ for 0, ∞ for ∞, NaN for NaN and below 0.
 */
export function inverseSoftplus(y: number): number {
  if (y < 0.5) return log(expm1(y));
  if (y < 1) return log1p(2 * expm1(y - LOG_2_HIGH - LOG_2_LOW));
  return y + log1p(-exp(-y));
}

import { expOfSum } from "./exp.js";
import { logHigh, logLow } from "./internal/log-parts.js";

/** Beyond these exponents of e the result is infinite or zero whatever the tail of the exponent. */
const LARGEST = 709.782712893384;
const SMALLEST = -746;

/** 2²⁷ + 1: a product with it splits a double into halves of 26 bits (Dekker 1971). */
const SPLITTER = 134217729;

/**
 * The power xʸ = exp(y log x), with the same bits in every engine.
 *
 * log x is an unrounded sum of two doubles and its product with y is exact to twice the precision, since exp turns an
 * absolute error of its argument into a relative one.
 *
 * @param x - Base, any number.
 * @param y - Exponent, any number.
 * @returns xʸ, within 0.54 units in the last place (0.78 where it is subnormal), and exact where the power is a double.
 *   The special cases are those of JavaScript's `**`: x⁰ is 1 for any x, NaN included; a negative x needs an integer y,
 *   else the result is NaN; (±1)^±∞ is NaN.
 */
export function pow(x: number, y: number): number {
  if (x > 0 && x < Infinity && y > -Infinity && y < Infinity) return powerOfPositive(x, y);
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  if (y === Infinity || y === -Infinity) return powerToInfinity(Math.abs(x), y);
  if (x > 0) return y > 0 ? Infinity : 0;
  return powerOfNonPositive(x, y);
}

function powerOfPositive(x: number, y: number): number {
  const high = logHigh(x);
  const low = logLow();
  const log = high + low;
  const logTail = high - log + low;
  const exponent = y * log;
  if (exponent > LARGEST) return Infinity;
  if (exponent < SMALLEST) return 0;
  if (exponent === 0) return 1;
  const yHigh = leadingHalf(y);
  const yLow = y - yHigh;
  const logHalf = leadingHalf(log);
  const logRest = log - logHalf;
  const rounding = yLow * logRest - (exponent - yHigh * logHalf - yLow * logHalf - yHigh * logRest);
  return expOfSum(exponent, rounding + y * logTail);
}

function leadingHalf(x: number): number {
  const shifted = SPLITTER * x;
  return shifted - (shifted - x);
}

function powerToInfinity(magnitude: number, y: number): number {
  if (magnitude === 1) return Number.NaN;
  return magnitude > 1 === y > 0 ? Infinity : 0;
}

/** For −∞ ≤ x ≤ ±0 and a finite y ≠ 0. */
function powerOfNonPositive(x: number, y: number): number {
  const odd = isOdd(y);
  if (x === 0) return magnitudeOfPowerOfZero(y) * (odd && Object.is(x, -0) ? -1 : 1);
  if (x === -Infinity) return magnitudeOfPowerOfZero(-y) * (odd ? -1 : 1);
  if (Math.floor(y) !== y) return Number.NaN;
  const magnitude = powerOfPositive(-x, y);
  return odd ? -magnitude : magnitude;
}

function magnitudeOfPowerOfZero(y: number): number {
  return y > 0 ? 0 : Infinity;
}

function isOdd(y: number): boolean {
  return Math.floor(y) === y && Math.floor(y / 2) * 2 !== y;
}

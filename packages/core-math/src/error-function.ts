import { expOfMinusSquare } from "./internal/exp-of-square.js";
import { scaledErfc } from "./internal/scaled-erfc.js";

/** 2/√π. */
const TWO_OVER_ROOT_PI = 1.1283791670955126;

/**
 * The error function erf x = 2/√π ∫₀ˣ exp(−t²) dt, with the same bits in every engine.
 *
 * Below 1/2 Taylor's polynomial, so that digits are kept near 0; beyond, 1 − erfc x.
 *
 * @param x - Any number.
 * @returns erf x in [−1, 1], within 2 units in the last place; ±1 for ±∞, NaN for NaN; erf(−x) is −erf x.
 */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < 0.5) return TWO_OVER_ROOT_PI * (magnitude < 2 ** -27 ? x : x + x * series(x * x));
  const value = 1 - erfc(magnitude);
  return x < 0 ? -value : value;
}

/**
 * The complementary error function erfc x = 1 − erf x = 2/√π ∫ₓ^∞ exp(−t²) dt, with its digits kept in the tail.
 *
 * exp(−x²) times the scaled function e^(x²) erfc(x), with x² to twice the precision; 2 − erfc(−x) below 0.
 *
 * @param x - Any number.
 * @returns erfc x in [0, 2], within 3 units in the last place, down to subnormal results; 0 above 27.3, NaN for NaN.
 */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  return scaledErfc(x) * expOfMinusSquare(x, 1);
}

/** Σ_{n≥1} (−z)ⁿ / (n! (2n + 1)). */
function series(z: number): number {
  const low = -1 / 3 + z * (1 / 10 - z * (1 / 42 - z * (1 / 216)));
  const middle = -1 / 1320 + z * (1 / 9360 - z * (1 / 75600 - z * (1 / 685440)));
  const high = -1 / 6894720 + z * (1 / 76204800 - z * (1 / 918086400 - z * (1 / 11975040000)));
  const z4 = z * z * z * z;
  return z * (low + z4 * (middle + z4 * high));
}

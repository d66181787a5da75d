import {
  FIXED_ONE,
  fixedExp,
  fixedLogTwo,
  fixedProduct,
  leading,
  reciprocal,
  remainder,
} from "./internal/fixed-point.js";
import { powerOfTwo } from "./internal/power-of-two.js";

/** Steps a doubling: exp is tabulated at multiples of log(2)/64. */
const STEPS = 64;

/** A step in two parts; the first has 36 bits, so that its products with 17 bits are exact. */
const STEP = /* @__PURE__ */ fixedLogTwo(6n);
const STEP_HIGH = /* @__PURE__ */ leading(STEP, 42n);
const STEP_LOW = /* @__PURE__ */ remainder(STEP, 42n);

/** A trifle too few, lest rounding reach the step after {@link LARGEST}, whose power of two is no double. */
const STEPS_PER_UNIT = /* @__PURE__ */ stepsPerUnit();

/** 2^(j/64) for j = 0 … 63, side by side with what its rounding to a double left over. */
const table = /* @__PURE__ */ tabulated();

/** The largest argument with a finite result, and the smallest whose result does not round to zero. */
const LARGEST = 709.782712893384;
const SMALLEST = -745.1332191019411;

/**
 * The exponential eˣ, with the same bits in every engine.
 *
 * With x = n·log(2)/64 + r and n = 64 k + j: eˣ = 2ᵏ · 2^(j/64) · eʳ, where 2^(j/64) is tabulated to 106 bits and
 * eʳ − 1, for 0 ≤ r ≤ 0.0109, is Taylor's polynomial.
 *
 * @param x - Any number.
 * @returns eˣ in [0, ∞], within 0.54 units in the last place (0.78 where it is subnormal, below 2.3e-308); 0 below
 *   −745.14, ∞ above 709.79, NaN for NaN.
 */
export function exp(x: number): number {
  return expOfSum(x, 0);
}

/** exp(x + tail), for a tail so small that x + tail rounds to x. */
export function expOfSum(x: number, tail: number): number {
  if (x > LARGEST) return Infinity;
  if (x < SMALLEST) return 0;
  const n = Math.floor(x * STEPS_PER_UNIT);
  const r = x - n * STEP_HIGH - (n * STEP_LOW - tail);
  const j = (n & (STEPS - 1)) << 1;
  const high = table[j];
  const y = high + (table[j + 1] + high * series(r));
  const k = n >> 6;
  // Below 2⁻¹⁰²² doubles have fewer bits: an exact step first, so that only the last product rounds.
  return k < -1022 ? y * powerOfTwo(k + 64) * 2 ** -64 : y * powerOfTwo(k);
}

/**
 * The exponential less one, eˣ − 1, with the same bits in every engine and its digits kept near 0.
 *
 * Near 0 Taylor's polynomial; elsewhere the table and the polynomial of {@link exp}, with 1 taken from the table's entry
 * before the rest is added.
 *
 * @param x - Any number.
 * @returns eˣ − 1 in [−1, ∞], within 1.4 units in the last place; −1 below −38, ∞ above 709.79, NaN for NaN.
 */
export function expm1(x: number): number {
  if (x > -1 / 64 && x < 1 / 64) return x * x < 2 ** -106 ? x : series(x);
  if (x > 40) return exp(x);
  if (x < -40) return -1;
  const n = Math.floor(x * STEPS_PER_UNIT);
  const r = x - n * STEP_HIGH - n * STEP_LOW;
  const j = (n & (STEPS - 1)) << 1;
  const scale = powerOfTwo(n >> 6);
  const high = scale * table[j];
  return high - 1 + (scale * table[j + 1] + high * series(r));
}

/** eʳ − 1 for small r, by Taylor's polynomial. */
function series(r: number): number {
  const square = r * r;
  return (
    r + (square * (1 / 2 + r * (1 / 6)) + square * square * (1 / 24 + r * (1 / 120) + square * (1 / 720 + r * (1 / 5040))))
  );
}

function stepsPerUnit(): number {
  return (1 - 2 ** -48) * reciprocal(STEP);
}

function tabulated(): Float64Array {
  const values = new Float64Array(2 * STEPS);
  const ratio = fixedExp(STEP);
  let power = FIXED_ONE;
  for (let j = 0; j < STEPS; j++) {
    values[2 * j] = leading(power, 52n);
    values[2 * j + 1] = remainder(power, 52n);
    power = fixedProduct(power, ratio);
  }
  return values;
}

import { fixedPi, leading, leftOver, reciprocal, remainder } from "./fixed-point.js";
import { takeApart } from "./large-angle.js";

/** π/32: what is π in units of 2⁻¹⁵⁵ is this in units of 2⁻¹⁶⁰. */
const STEP = /* @__PURE__ */ fixedPi(155n);

/** It in three parts; the first two have 33 bits, so that their products with 20 bits are exact. */
const STEP_1 = /* @__PURE__ */ leading(STEP, 36n);
const STEP_2 = /* @__PURE__ */ leading(/* @__PURE__ */ leftOver(STEP, 36n), 69n);
const STEP_3 = /* @__PURE__ */ remainder(STEP, 69n);
const STEPS_PER_RADIAN = /* @__PURE__ */ reciprocal(STEP);

/** Up to this angle there are fewer than 2²⁰ steps. */
const LARGEST_BY_PARTS = 100_000;

const rest = new Float64Array(2);

/** The rest that {@link wholeSteps} left at its latest call, in [−π/64, π/64]. */
export function restHigh(): number {
  return rest[0];
}

/** What rounding took from {@link restHigh}. */
export function restLow(): number {
  return rest[1];
}

/**
 * The whole number of steps of π/32 nearest to an angle x ≥ 0, modulo 64; the rest is left for {@link restHigh} and
 * {@link restLow}: x = steps · π/32 + rest.
 *
 * Even where x is the double nearest to a multiple of π the rest is good to far below its last place: up to 100 000 by
 * subtracting π/32 in three parts (Cody and Waite 1980) and recovering what the differences round off (Knuth's two-sum);
 * beyond, with as many bits of π as the angle needs.
 */
export function wholeSteps(x: number): number {
  if (!(x <= LARGEST_BY_PARTS)) return wholeStepsOfLarge(x);
  const n = Math.floor(x * STEPS_PER_RADIAN + 0.5);
  const first = x - n * STEP_1;
  const product = n * STEP_2;
  const second = first - product;
  const back = first - second;
  const lost = first - (second + back) + (back - product);
  const third = n * STEP_3;
  const high = second - third;
  const undone = second - high;
  rest[0] = high;
  rest[1] = second - (high + undone) + (undone - third) + lost;
  return n & 63;
}

function wholeStepsOfLarge(x: number): number {
  const finite = x < Infinity;
  const angle = finite ? takeApart(x) : { steps: 0, high: Number.NaN, low: Number.NaN };
  rest[0] = angle.high;
  rest[1] = angle.low;
  return angle.steps;
}

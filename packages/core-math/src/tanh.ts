import { exp } from "./exp.js";
import { FIXED_BITS, FIXED_ONE, fixedExp, fixedProduct, leading, remainder } from "./internal/fixed-point.js";

/** tanh is tabulated at multiples of 1/64 below 3. */
const STEPS_PER_UNIT = 64;
const TABLE_END = 3;

/** tanh(j/64) for j = 0 … 192, side by side with what its rounding left over. */
const table = /* @__PURE__ */ tabulated();

/**
 * The hyperbolic tangent tanh x = (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ), with the same bits in every engine.
 *
 * Below 1/8 Taylor's polynomial. Below 3, with T = tanh(j/64) from a table and t = tanh(r) for the rest |r| ≤ 1/128, the
 * addition theorem in the form T + t (1 − T²)/(1 + T t), whose second part is small. Beyond, 1 − 2/(e²ˣ + 1).
 *
 * @param x - Any number.
 * @returns tanh x in [−1, 1], within 0.6 units in the last place; ±1 for ±∞, NaN for NaN; tanh(−x) is −tanh(x).
 */
export function tanh(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < 0.125) return magnitude < 2 ** -27 ? x : tanhBySeries(x);
  const value = magnitude < TABLE_END ? tanhByTable(magnitude) : 1 - 2 / (exp(2 * magnitude) + 1);
  return x < 0 ? -value : value;
}

function tanhBySeries(x: number): number {
  const z = x * x;
  const z2 = z * z;
  const third = -1 / 3 + z * (2 / 15);
  const seventh = -17 / 315 + z * (62 / 2835);
  const eleventh = -1382 / 155925 + z * (21844 / 6081075);
  const fifteenth = -929569 / 638512875 + z * (6404582 / 10854718875);
  return x + x * z * (third + z2 * (seventh + z2 * (eleventh + z2 * fifteenth)));
}

function tanhByTable(x: number): number {
  const j = Math.floor(x * STEPS_PER_UNIT + 0.5);
  const r = x - j / STEPS_PER_UNIT;
  const z = r * r;
  const t = r + r * z * (-1 / 3 + z * (2 / 15 - z * (17 / 315)));
  const high = table[2 * j];
  return high + (table[2 * j + 1] + (t * (1 - high * high)) / (1 + high * t));
}

function tabulated(): Float64Array {
  const entries = TABLE_END * STEPS_PER_UNIT + 1;
  const values = new Float64Array(2 * entries);
  const ratio = fixedExp((2n * FIXED_ONE) / BigInt(STEPS_PER_UNIT));
  let power = FIXED_ONE;
  for (let j = 0; j < entries; j++) {
    const value = ((power - FIXED_ONE) << FIXED_BITS) / (power + FIXED_ONE);
    values[2 * j] = leading(value, 53n);
    values[2 * j + 1] = remainder(value, 53n);
    power = fixedProduct(power, ratio);
  }
  return values;
}

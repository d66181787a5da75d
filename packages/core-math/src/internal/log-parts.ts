import { highWord } from "./bits.js";
import { fixedLogOfStep, fixedLogTwo, leading, remainder } from "./fixed-point.js";
import { powerOfTwo } from "./power-of-two.js";

/** Steps in [1, 2]: log is tabulated at c = 1 + j/128. */
const STEPS = 128;
/** From this step on, c/2 stands for c, so that arguments just below 1 meet log(1) = 0 and lose nothing. */
const HALVED_FROM = 53;

const LOG_2 = /* @__PURE__ */ fixedLogTwo(0n);
const LOG_2_HIGH = /* @__PURE__ */ leading(LOG_2, 42n);
const LOG_2_LOW = /* @__PURE__ */ remainder(LOG_2, 42n);

/** For each step 1/c and the two parts of log(c), the first a multiple of 2⁻⁴², four doubles apart. */
const table = /* @__PURE__ */ tabulated();

const tail = new Float64Array(1);

/** What {@link logHigh} left over at its latest call: log(x) = logHigh(x) + logLow(). */
export function logLow(): number {
  return tail[0];
}

/**
 * The natural logarithm of a positive finite x as an unrounded sum of two doubles, to 2⁻⁶⁵ relative.
 *
 * x = 2ᵏ m with m in [1, 2); c is the step nearest to m; r = (m − c)/c, |r| ≤ 2⁻⁸. Then
 * log x = k log 2 + log c + r − r²/2 + r³/3 − …. The leading parts of the first two are multiples of 2⁻⁴² and add without
 * rounding; the leading part of r has 24 bits, so that its product with c and its square are exact.
 */
export function logHigh(x: number): number {
  const subnormal = x < 2 ** -1022;
  const scaled = subnormal ? x * 2 ** 54 : x;
  const top = highWord(scaled);
  const exponent = (top >>> 20) - 1023;
  const j = ((top & 0xfffff) + 0x1000) >>> 13;
  const c = 1 + j * (1 / STEPS);
  const f = scaled * powerOfTwo(-exponent) - c;
  const inverse = table[4 * j];
  const r = f * inverse;
  const rHigh = Math.fround(r);
  const rLow = (f - rHigh * c) * inverse;
  const k = exponent + (j >= HALVED_FROM ? 1 : 0) - (subnormal ? 54 : 0);
  const base = k * LOG_2_HIGH + table[4 * j + 1];
  const sum = base + rHigh;
  const halfSquare = 0.5 * rHigh * rHigh;
  const high = sum - halfSquare;
  const series = r * r * r * (1 / 3 - r * (1 / 4) + r * r * (1 / 5 - r * (1 / 6) + r * r * (1 / 7 - r * (1 / 8))));
  const rest = k * LOG_2_LOW + table[4 * j + 2] + rLow * (1 - (rHigh + 0.5 * rLow)) + series;
  tail[0] = base - sum + rHigh + (sum - high - halfSquare) + rest;
  return high;
}

function tabulated(): Float64Array {
  const values = new Float64Array(4 * (STEPS + 1));
  let log = 0n;
  for (let j = 0; j <= STEPS; j++) {
    if (j > 0) log += fixedLogOfStep(BigInt(STEPS + j - 1));
    const halved = j >= HALVED_FROM ? log - LOG_2 : log;
    values[4 * j] = STEPS / (STEPS + j);
    // The last step is log(1) but for the rounding of the sum, which must not show.
    values[4 * j + 1] = j === STEPS ? 0 : leading(halved, 42n);
    values[4 * j + 2] = j === STEPS ? 0 : remainder(halved, 42n);
  }
  return values;
}

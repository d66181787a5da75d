import { restHigh, restLow, wholeSteps } from "./internal/angle.js";
import { FIXED_BITS, FIXED_ONE, fixedPi, fixedProduct, fixedSinCos, leading, remainder } from "./internal/fixed-point.js";

/** A quarter and half of a turn in steps of π/32. */
const QUARTER = 16;
const HALF = 32;

/** sin(n π/32) for n = 0 … 63 in two parts, side by side; the first is a multiple of 2⁻²⁶. */
const table = /* @__PURE__ */ tabulated();

/** Adding and subtracting it rounds a small number to a multiple of 2⁻²⁶. */
const TO_26_PLACES = 1.5 * 2 ** 26;

/**
 * What to add and subtract n steps on, by n mod 16. On an axis the sine or the cosine is zero and the other one ±1, so
 * that the sum has one product, which is exact without rounding, and a rest that is small keeps all its places.
 */
const toPlaces = /* @__PURE__ */ new Float64Array(QUARTER).fill(TO_26_PLACES, 1);

/**
 * The sine, with the same bits in every engine.
 *
 * The angle is a whole number of steps of π/32 and a rest of at most half a step; sine and cosine of the steps come from
 * a table, those of the rest from Taylor's polynomials, and the addition theorem joins them.
 *
 * @param x - An angle in radians, any number. Beyond 100 000 a call takes microseconds rather than nanoseconds.
 * @returns sin x in [−1, 1], within 0.51 units in the last place for every double; NaN for ±∞ and NaN; sin(−x) is
 *   −sin(x).
 */
export function sin(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < 2 ** -27) return x;
  const value = sinAt(wholeSteps(magnitude));
  return x < 0 ? -value : value;
}

/**
 * The cosine, with the same bits in every engine: {@link sin} a quarter of a turn on.
 *
 * @param x - An angle in radians, any number. Beyond 100 000 a call takes microseconds rather than nanoseconds.
 * @returns cos x in [−1, 1], within 0.51 units in the last place for every double; NaN for ±∞ and NaN; cos(−x) is cos(x).
 */
export function cos(x: number): number {
  return sinAt(wholeSteps(Math.abs(x)) + QUARTER);
}

/**
 * Sine and cosine of one angle at the price of little more than one: to the bit what {@link sin} and {@link cos} give.
 *
 * @param x - An angle in radians, any number. Beyond 100 000 a call takes microseconds rather than nanoseconds.
 * @param out - Where sin x goes to element 0 and cos x to element 1.
 */
export function sinCos(x: number, out: Float64Array): void {
  const magnitude = Math.abs(x);
  if (magnitude < 2 ** -27) {
    out[0] = x;
    out[1] = 1;
    return;
  }
  // From here on nothing branches on the angle: half of such branches would be guessed wrong.
  const n = wholeSteps(magnitude);
  const r = restHigh();
  const rLow = restLow();
  const z = r * r;
  const sinSeries = z * r * (-1 / 6 + z * (1 / 120 + z * (-1 / 5040 + z * (1 / 362880))));
  const cosSeries = z * (-1 / 2 + z * (1 / 24 + z * (-1 / 720 + z * (1 / 40320))));
  const i = (n & 63) << 1;
  const j = ((n + QUARTER) & 63) << 1;
  const s = table[i];
  const sLow = table[i + 1];
  const c = table[j];
  const cLow = table[j + 1];
  const places = toPlaces[n & (QUARTER - 1)];
  const rounded = r + places - places;
  const left = r - rounded + rLow;
  // The two sums are sinAt(n) and sinAt(n + QUARTER), written out: half of their terms are the same.
  const sine = s + c * rounded + (sLow + cLow * r + c * left + ((s + sLow) * cosSeries + (c + cLow) * sinSeries));
  out[0] = sine * (x / magnitude);
  out[1] = c - s * rounded + (cLow - sLow * r - s * left + ((c + cLow) * cosSeries - (s + sLow) * sinSeries));
}

/**
 * sin(n π/32 + r) = S + C·r + S·(cos r − 1) + C·(sin r − r), with r the rest of the latest {@link wholeSteps}.
 *
 * S, C and r are split so that S + C·r is exact in its leading parts; all else is smaller by 2⁻⁹ and may round.
 */
function sinAt(n: number): number {
  const r = restHigh();
  const rLow = restLow();
  const z = r * r;
  const sinSeries = z * r * (-1 / 6 + z * (1 / 120 + z * (-1 / 5040 + z * (1 / 362880))));
  const cosSeries = z * (-1 / 2 + z * (1 / 24 + z * (-1 / 720 + z * (1 / 40320))));
  const i = (n & 63) << 1;
  const j = ((n + QUARTER) & 63) << 1;
  const s = table[i];
  const sLow = table[i + 1];
  const c = table[j];
  const cLow = table[j + 1];
  const places = toPlaces[n & (QUARTER - 1)];
  const rounded = r + places - places;
  const small = sLow + cLow * r + c * (r - rounded + rLow) + ((s + sLow) * cosSeries + (c + cLow) * sinSeries);
  return s + c * rounded + small;
}

function tabulated(): Float64Array {
  const values = new Float64Array(128);
  const pi = fixedPi(FIXED_BITS);
  const { sine, cosine } = fixedSinCos(pi >> 5n);
  let s = 0n;
  let c = FIXED_ONE;
  for (let n = 0; n < QUARTER; n++) {
    const high = leading(s, 26n);
    const low = remainder(s, 26n);
    const highC = leading(c, 26n);
    const lowC = remainder(c, 26n);
    values.set([high, low], 2 * n);
    values.set([highC, lowC], 2 * (n + QUARTER));
    values.set([-high, -low], 2 * (n + HALF));
    values.set([-highC, -lowC], 2 * (n + HALF + QUARTER));
    [s, c] = [fixedProduct(s, cosine) + fixedProduct(c, sine), fixedProduct(c, cosine) - fixedProduct(s, sine)];
  }
  return values;
}

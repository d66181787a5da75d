import { exp } from "../exp.js";
import { log } from "../log.js";
import type { Pcg64 } from "./pcg64.js";

/** Steps of the ziggurat, and the start of the tail for which all steps have one area (Doornik 2005). */
const STEPS = 256;
const TAIL_START = 3.6541528853610088;
/** The area of a step: TAIL_START · f(TAIL_START) and the integral of f beyond, to the rounding that NumPy's has. */
const STEP_AREA = 0.004928673233974652;
const PER_FRACTION = 2 ** -52;

const ziggurat = /* @__PURE__ */ tabulated();

/**
 * A standard normal draw, by the ziggurat method (Marsaglia and Tsang 2000) exactly as NumPy uses its bits: 8 for the
 * step, 1 for the sign, 52 for the place in the step, and further uniforms in the 1.5 % of cases that are not decided
 * by them.
 */
export function standardNormal(bits: Pcg64): number {
  const { widths, limits, heights } = ziggurat;
  for (;;) {
    bits.next64();
    const { low, high } = bits;
    const step = low & 0xff;
    const negative = (low & 0x100) !== 0;
    const place = (high & 0x1fffffff) * 0x800000 + (low >>> 9);
    const x = place * widths[step];
    if (place < limits[step]) return negative ? -x : x;
    if (step === 0) {
      const tail = beyondTailStart(bits);
      return (low & 0x20000) !== 0 ? -tail : tail;
    }
    const height = heights[step];
    if ((heights[step - 1] - height) * unitUniform(bits) + height < density(x)) return negative ? -x : x;
  }
}

/** A uniform draw from [0, 1) with 53 bits. */
export function unitUniform(bits: Pcg64): number {
  bits.next64();
  return (bits.high * 0x200000 + (bits.low >>> 11)) * 2 ** -53;
}

/** A normal draw beyond the start of the tail (Marsaglia 1964). 1 − u has no rounding error: u is a multiple of 2⁻⁵³. */
function beyondTailStart(bits: Pcg64): number {
  for (;;) {
    const x = -log(1 - unitUniform(bits)) / TAIL_START;
    const y = -log(1 - unitUniform(bits));
    if (y + y > x * x) return TAIL_START + x;
  }
}

interface Ziggurat {
  readonly widths: Float64Array;
  readonly limits: Float64Array;
  readonly heights: Float64Array;
}

/**
 * Steps are numbered from the peak, 255 being the widest and 0 the base with the tail. With f(x) = exp(−x²/2) and v the
 * area of each, f(xᵢ) = f(xᵢ₊₁) + v/xᵢ₊₁. `widths` are xᵢ and `limits` xᵢ₋₁/xᵢ, in units of the 52-bit place;
 * `heights` are f(xᵢ).
 */
function tabulated(): Ziggurat {
  const widths = new Float64Array(STEPS);
  const limits = new Float64Array(STEPS);
  const heights = new Float64Array(STEPS);
  let x = TAIL_START;
  let height = density(x);
  widths[0] = (STEP_AREA / height) * PER_FRACTION;
  limits[0] = Math.floor((x * height) / STEP_AREA / PER_FRACTION);
  heights[0] = 1;
  for (let i = STEPS - 1; i > 0; i--) {
    const next = i === 1 ? 0 : Math.sqrt(-2 * log(STEP_AREA / x + height));
    widths[i] = x * PER_FRACTION;
    heights[i] = height;
    limits[i] = Math.floor(next / x / PER_FRACTION);
    x = next;
    height = density(x);
  }
  return { widths, limits, heights };
}

/** The normal density but for its factor. */
function density(x: number): number {
  return exp(-0.5 * x * x);
}

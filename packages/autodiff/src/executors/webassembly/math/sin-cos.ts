import { largeAngles } from "./large-angles.js";
import { reduction } from "./reduction.js";
import type { Emit, VectorCode } from "./vector-code.js";

/** Up to here quadrants are numbered by 11 bits. */
const LARGEST_QUICK = 2048;
/** π/2 in parts: products of the first three, of 13 bits, with those numbers are exact. */
const HALF_PI = [1.570556640625, 2.396702766418457e-4, 1.58906914293766e-8, 2.563344151594519e-12];

/** sin r as a function of r² for |r| ≤ π/4: r + r³ times the minimax of degree 2, of relative error 2⁻²⁷·⁷. */
const SIN = [-0.16666655, 0.0083321715, -1.951457e-4];
/** cos r as a function of r² for |r| ≤ π/4: 1 − r²/2 + r⁴ times the minimax of degree 2, of relative error 2⁻³³. */
const COS = [1, -0.5, 0.041666646, -0.001388731, 2.4432327e-5];

/**
 * sin x.
 *
 * At most 2 ulp from the correctly rounded value, however large x is. ±0 for ±0, NaN for ±∞ and NaN.
 */
export function sin(code: VectorCode): Emit {
  return sineOf(code, "x");
}

/**
 * cos x.
 *
 * At most 2 ulp from the correctly rounded value, however large x is. 1 for ±0, NaN for ±∞ and NaN.
 */
export function cos(code: VectorCode): Emit {
  return sineOf(code, "|x| + π/2");
}

/**
 * With |x| = n·π/2 + r: ±sin r or ±cos r, as n says.
 *
 * Lanes above 2048 are reduced by a function that knows π to the last digit that matters. It is called where a vector
 * has such a lane.
 */
function sineOf(code: VectorCode, angle: "x" | "|x| + π/2"): Emit {
  const { f } = code;
  const { emit: reduce, remainder, multiple } = reduction(code, HALF_PI);
  const [signBit, largestQuick] = code.constants([-0, LARGEST_QUICK]);
  const [one, two] = [code.integer(1), code.integer(2)];
  const [sinCoefficients, cosCoefficients] = [code.constants(SIN), code.constants(COS)];
  const [x, isLarge, square] = [code.local(), code.local(), code.local()];
  const large = largeAngles(code.module);

  const reduceLarge = () => {
    // Compared as integers, infinities and NaN are large too.
    f.get(x).op("f32x4.abs").get(largestQuick).op("i32x4.gt_s").tee(isLarge).op("v128.any_true");
    f.if(() => {
      f.get(x).op("f32x4.abs").call(large);
      f.get(multiple).get(isLarge).op("v128.bitselect").set(multiple);
      f.get(remainder).get(isLarge).op("v128.bitselect").set(remainder);
    });
  };
  const pushCosineAndSine = () => {
    f.get(remainder).get(remainder).op("f32x4.mul").set(square);
    code.polynomial(square, cosCoefficients);
    code.polynomial(square, sinCoefficients);
    f.get(remainder).get(square).op("f32x4.mul").get(remainder);
    code.multiplyAdd();
  };
  return () => {
    f.tee(x).op("f32x4.abs");
    reduce();
    reduceLarge();
    if (angle !== "x") f.get(multiple).get(one).op("i32x4.add").set(multiple);
    pushCosineAndSine();
    // The cosine where n is odd; its sign is that of the second bit of n.
    f.get(multiple).get(one).op("v128.and").op("i32x4.neg").op("v128.bitselect");
    f.get(multiple).get(two).op("v128.and").i32(30).op("i32x4.shl").op("v128.xor");
    if (angle === "x") f.get(x).get(signBit).op("v128.and").op("v128.xor");
  };
}

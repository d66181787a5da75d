import type { Emit, VectorCode } from "./vector-code.js";

/** The bits of √½, the smallest fraction m in x = m·2ᵏ; the largest is √2. */
const ROOT_HALF_BITS = 0x3f3504f3;
const LOG_2 = 0.6931471805599453;
/** Numbers below the first have fewer than 24 bits; the second gives them 24 again, and adds 24 to the exponent. */
const [SMALLEST_NORMAL, SCALE, SCALE_EXPONENT] = [2 ** -126, 2 ** 24, 24];

/** (f − log(1 + f))/f² for √½ ≤ 1 + f ≤ √2: minimax of degrees 2 and 3; log(1 + f) has a relative error of 2⁻²⁸. */
const NUMERATOR = [0.5, 0.52384585, 0.10677723];
const DENOMINATOR = [1, 1.7143583, 0.85646206, 0.11379557];

/**
 * log x = k·log 2 + log(1 + f) with x = (1 + f)·2ᵏ.
 *
 * At most 2 ulp from the correctly rounded value. −∞ for ±0, ∞ for ∞, NaN below 0 and for NaN.
 */
export function log(code: VectorCode): Emit {
  const { f } = code;
  const rootHalf = code.integer(ROOT_HALF_BITS);
  const [zero, one, infinity, log2] = code.constants([0, 1, Infinity, LOG_2]);
  const [smallest, scale, scaleExponent] = code.constants([SMALLEST_NORMAL, SCALE, SCALE_EXPONENT]);
  const [numerator, denominator] = [code.constants(NUMERATOR), code.constants(DENOMINATOR)];
  const [x, isSmall, scaled, exponent, fraction] = Array.from({ length: 5 }, () => code.local());
  return () => {
    f.tee(x).get(smallest).op("f32x4.lt").set(isSmall);
    f.get(x).get(scale).op("f32x4.mul").get(x).get(isSmall).op("v128.bitselect").tee(scaled);
    f.get(rootHalf).op("i32x4.sub").i32(23).op("i32x4.shr_s").set(exponent);
    f.get(scaled).get(exponent).i32(23).op("i32x4.shl").op("i32x4.sub").get(one).op("f32x4.sub").set(fraction);

    f.get(fraction).get(fraction).op("f32x4.mul");
    code.polynomial(fraction, numerator);
    code.polynomial(fraction, denominator);
    f.op("f32x4.div").get(exponent).op("f32x4.convert_i32x4_s");
    f.get(isSmall).get(scaleExponent).op("v128.and").op("f32x4.sub").get(log2).get(fraction);
    code.multiplyAdd();
    code.negativeMultiplyAdd();

    // ∞ and NaN are added, −∞ is where x = 0, and NaN, which is all ones, where x < 0.
    f.get(x).get(x).get(infinity).op("f32x4.lt").op("v128.andnot").op("f32x4.add");
    f.get(infinity).get(x).get(zero).op("f32x4.eq").op("v128.and").op("f32x4.sub");
    f.get(x).get(zero).op("f32x4.lt").op("v128.or");
  };
}

import { exponential } from "./exponential.js";
import type { Emit, VectorCode } from "./vector-code.js";

/** e⁻ˣ rounds to 0 here. */
const HIGHEST = 104;
/** The power of two is multiplied in two steps, of which this is the second, so that results below 2⁻¹²⁶ round once. */
const SHIFT = 32;

/** (e − log(1 + e))/e² for 0 ≤ e ≤ 1: minimax of degrees 2 and 3; log(1 + e) has a relative error of 2⁻²⁹·⁵. */
const NUMERATOR = [0.4999999, 0.45073497, 0.07225342];
const DENOMINATOR = [1, 1.5681317, 0.68997407, 0.07570199];

/**
 * log(1 + eˣ) = max(x, 0) + log(1 + e) with e = e^−|x|.
 *
 * At most 2 ulp from the correctly rounded value. 0 from −103.98 down, x from 17.4 up, NaN for NaN.
 */
export function softplus(code: VectorCode): Emit {
  const { f } = code;
  const [zero, highest, shift] = code.constants([0, HIGHEST, 2 ** -SHIFT]);
  const { emit: fraction, exponent } = exponential(code, -1, 127 + SHIFT);
  const [numerator, denominator] = [code.constants(NUMERATOR), code.constants(DENOMINATOR)];
  const [x, e] = [code.local(), code.local()];
  return () => {
    f.tee(x).op("f32x4.abs").get(highest).op("f32x4.pmin");
    fraction();
    f.get(exponent);
    code.powerOfTwo();
    f.op("f32x4.mul").get(shift).op("f32x4.mul").tee(e).get(e).op("f32x4.mul");
    code.polynomial(e, numerator);
    code.polynomial(e, denominator);
    f.op("f32x4.div").get(e);
    code.negativeMultiplyAdd();
    f.get(x).get(zero).op("f32x4.pmax").op("f32x4.add");
  };
}

import { exponential } from "./exponential.js";
import type { Emit, VectorCode } from "./vector-code.js";

/** The result rounds to 0 at the first and to 1 well below the second, which keeps the power of two in range. */
const [LOWEST, HIGHEST] = [-104, 40];
/** Numerator and denominator are divided by 2⁶⁴, so that the denominator does not overflow. */
const SHIFT = 64;

/**
 * 1/(1 + e⁻ˣ).
 *
 * At most 2 ulp from the correctly rounded value. 0 from −103.98 down, 1 from 17.4 up, NaN for NaN.
 */
export function sigmoid(code: VectorCode): Emit {
  const { f } = code;
  const [lowest, highest, numerator] = code.constants([LOWEST, HIGHEST, 2 ** -SHIFT]);
  const { emit: fraction, exponent } = exponential(code, -1, 127 - SHIFT);
  const denominator = code.local();
  return () => {
    code.clamp(lowest, highest);
    fraction();
    f.get(exponent);
    code.powerOfTwo();
    f.get(numerator);
    code.multiplyAdd();
    f.set(denominator).get(numerator).get(denominator).op("f32x4.div");
  };
}

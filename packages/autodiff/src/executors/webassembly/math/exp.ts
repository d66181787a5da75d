import { exponential } from "./exponential.js";
import type { Emit, VectorCode } from "./vector-code.js";

/** eˣ rounds to 0 at the first and overflows at the second. */
const [LOWEST, HIGHEST] = [-104, 89];

/**
 * eˣ = 2ⁿ · eʳ, with a polynomial of degree 6 for eʳ and 2ⁿ in two steps, of which only the last one rounds.
 *
 * At most 1 ulp from the correctly rounded value. 0 from −103.98 down, ∞ from 88.73 up, NaN for NaN.
 */
export function exp(code: VectorCode): Emit {
  const { f } = code;
  const [lowest, highest] = code.constants([LOWEST, HIGHEST]);
  // The exponent, n + 254, is divided into halves, each with the bias of 127.
  const { emit: fraction, exponent } = exponential(code, 1, 2 * 127);
  const half = code.local();
  return () => {
    code.clamp(lowest, highest);
    fraction();
    f.get(exponent).i32(1).op("i32x4.shr_u").tee(half);
    code.powerOfTwo();
    f.op("f32x4.mul").get(exponent).get(half).op("i32x4.sub");
    code.powerOfTwo();
    f.op("f32x4.mul");
  };
}

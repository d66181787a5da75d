import { exponentialRest } from "./exponential-rest.js";
import type { Emit, VectorCode } from "./vector-code.js";

/** tanh rounds to 1 well below. */
const HIGHEST = 20;

/**
 * tanh x = h/(1 − h) with h = (1 − e⁻²ˣ)/2, for |x|; the sign of x is then put back.
 *
 * At most 2 ulp from the correctly rounded value. Never beyond ±1, ±1 from ±9.02 on, ±0 for ±0, NaN for NaN.
 */
export function tanh(code: VectorCode): Emit {
  const { f } = code;
  const [highest, one, signBit] = code.constants([HIGHEST, 1, -0]);
  const rest = exponentialRest(code, 2);
  const [x, h] = [code.local(), code.local()];
  return () => {
    f.tee(x).op("f32x4.abs").get(highest).op("f32x4.pmin");
    rest();
    f.tee(h).get(one).get(h).op("f32x4.sub").op("f32x4.div");
    code.withSignOf(x, signBit);
  };
}

import { exponentialRest } from "./exponential-rest.js";
import type { Emit, VectorCode } from "./vector-code.js";

/** erf rounds to 1 here. */
const HIGHEST = 3.95;

/** −log(1 − erf x)/x for 0 ≤ x ≤ 3.95: minimax of degree 8; erf has a relative error of 2⁻²⁷·⁴. */
const LEADING = 1.128379225730896;
/** What the leading coefficient's rounding left over, and the others. */
const COEFFICIENTS = [
  -5.4130896e-8, 0.636619382, 0.1027778305, -0.01915306379, -1.603962155e-4, 0.001667027538, -6.328368516e-4,
  1.176412562e-4, -9.256261788e-6,
];

/**
 * The error function erf x = 2/√π · ∫₀ˣ exp(−t²) dt = 1 − e^(−x·p(x)), for |x|; the sign of x is then put back.
 *
 * At most 2 ulp from the correctly rounded value, 3 without fused multiply-add. Never beyond ±1, ±1 from ±3.95 on,
 * ±0 for ±0, NaN for NaN.
 */
export function erf(code: VectorCode): Emit {
  const { f } = code;
  const [highest, leading, signBit] = code.constants([HIGHEST, LEADING, -0]);
  const coefficients = code.constants(COEFFICIENTS);
  const rest = exponentialRest(code, 1);
  const [x, magnitude] = [code.local(), code.local()];
  return () => {
    f.tee(x).op("f32x4.abs").get(highest).op("f32x4.pmin").tee(magnitude);
    code.polynomial(magnitude, coefficients);
    f.get(magnitude).get(leading).op("f32x4.mul");
    code.multiplyAdd();
    rest();
    code.withSignOf(x, signBit);
  };
}

import { LOG_2, reduction } from "./reduction.js";
import type { Emit, VectorCode } from "./vector-code.js";

/** (1 − e⁻ʳ − r)/r² for |r| ≤ log(2)/2: minimax of degree 4; 1 − e⁻ʳ has a relative error of 2⁻²⁶. */
const COEFFICIENTS = [-0.49999997, 0.16666543, -0.04166735, 0.008366631, -0.001388259];

/**
 * (1 − e^(−ru))/r for u ≥ 0 with ru ≤ 87 and the rate r, as precise for small u as for others.
 *
 * With ru = s − n·log 2: 2ⁿ · (1 − e⁻ˢ)/r + (1 − 2ⁿ)/r.
 *
 * @param rate - A power of two.
 */
export function exponentialRest(code: VectorCode, rate: number): Emit {
  const { f } = code;
  const { emit: reduce, remainder, multiple } = reduction(code, LOG_2.map((part) => -part / rate), 127);
  const [limit, minusLimit] = code.constants([1 / rate, -1 / rate]);
  const coefficients = code.constants(COEFFICIENTS.map((c, k) => c * rate ** (k + 1)));
  const [square, power] = [code.local(), code.local()];
  return () => {
    reduce();
    f.get(remainder).get(remainder).op("f32x4.mul").set(square);
    code.polynomial(remainder, coefficients);
    f.get(square).get(remainder);
    code.multiplyAdd();
    f.get(multiple);
    code.powerOfTwo();
    f.tee(power).get(power).get(minusLimit).get(limit);
    code.multiplyAdd();
    code.multiplyAdd();
  };
}

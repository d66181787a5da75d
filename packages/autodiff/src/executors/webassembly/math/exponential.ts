import type { Local } from "../assembler.js";
import { LOG_2, reduction } from "./reduction.js";
import type { Emit, VectorCode } from "./vector-code.js";

/** (eʳ − 1 − r)/r² for |r| ≤ log(2)/2: minimax of degree 4; eʳ has a relative error of 2⁻²⁸·². */
const COEFFICIENTS = [0.49999994, 0.16666521, 0.041668326, 0.00836869, 0.0013814433];

/** How to compute an exponential but for its power of two. */
export interface Exponential {
  /** [x] → [the fraction, between √½ and √2]. */
  readonly emit: Emit;
  /** Holds n + bias in its low bits afterwards. */
  readonly exponent: Local;
}

/**
 * Prepares e^(±x) = 2ⁿ · e^(±r) for |x| ≤ 104; the fraction is 1 ± (r ± r² · polynomial).
 *
 * @param sign - 1 for eˣ, −1 for e⁻ˣ.
 * @param bias - Added to n: 127 + k where it is to become 2ⁿ⁺ᵏ.
 */
export function exponential(code: VectorCode, sign: 1 | -1, bias: number): Exponential {
  const { f } = code;
  const { emit: reduce, remainder, multiple } = reduction(code, LOG_2.map((part) => sign * part), bias);
  const one = code.constant(1);
  const coefficients = code.constants(COEFFICIENTS.map((c, k) => sign ** (k + 1) * c));
  const emit = () => {
    reduce();
    f.get(one).get(remainder).get(remainder).op("f32x4.mul");
    code.polynomial(remainder, coefficients);
    f.get(remainder);
    code.multiplyAdd();
    f.op(sign === 1 ? "f32x4.add" : "f32x4.sub");
  };
  return { emit, exponent: multiple };
}

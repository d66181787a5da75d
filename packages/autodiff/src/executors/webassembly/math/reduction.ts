import type { Local } from "../assembler.js";
import type { Emit, VectorCode } from "./vector-code.js";

/** log 2 in two parts: products of the first, of 15 bits, with integers of 9 bits are exact. */
export const LOG_2: readonly number[] = [0.693145751953125, 1.428606820309417e-6];

/** A number below 2²² is rounded to an integer by adding this: the sum's low bits hold the integer. */
const ROUNDER = 1.5 * 2 ** 23;

/** How to write x = n·step + r with an integer n and |r| ≤ |step|/2. */
export interface Reduction {
  /** [x] → []. */
  readonly emit: Emit;
  /** Holds r afterwards. */
  readonly remainder: Local;
  /** Holds n + bias in its low 22 bits afterwards. */
  readonly multiple: Local;
}

/**
 * Prepares a range reduction after Cody and Waite: n times each part of the step is subtracted, the largest first, so
 * that what cancels is exact.
 *
 * @param step - The step's parts; all but the last are short enough that their products with n are exact.
 * @param bias - Added to n, at no cost.
 */
export function reduction(code: VectorCode, step: readonly number[], bias = 0): Reduction {
  const { f } = code;
  const perUnit = code.constant(1 / step.reduce((sum, part) => sum + part));
  const rounder = code.constant(ROUNDER + bias);
  const parts = code.constants(step.map((part) => -part));
  const [remainder, multiple, n] = [code.local(), code.local(), code.local()];
  const emit = () => {
    f.tee(remainder).get(perUnit).get(rounder);
    code.multiplyAdd();
    f.tee(multiple).get(rounder).op("f32x4.sub").set(n);
    for (const part of parts) {
      f.get(n).get(part).get(remainder);
      code.multiplyAdd();
      f.set(remainder);
    }
  };
  return { emit, remainder, multiple };
}

import { OptionError, requireArray, requireNumber } from "@uphill/core-math";

/**
 * A bound on what is linear in the code x of an action: least ≤ Σᵢ weightsᵢ xᵢ ≤ most. A code has a number for each bit, and for
 * each option of a choice.
 */
export interface LinearConstraint {
  /** `[code.size]`. */
  readonly weights: ArrayLike<number>;
  /** −∞ where left out. */
  readonly least?: number;
  /** ∞ where left out. */
  readonly most?: number;
}

/** @throws OptionError, ShapeError naming a constraint that is none for codes of this size. */
export function requireConstraints(constraints: readonly LinearConstraint[], size: number): void {
  constraints.forEach(({ weights, least, most }, k) => {
    requireArray(`constraints[${k}].weights`, weights, size);
    for (let i = 0; i < size; i++) requireNumber(`constraints[${k}].weights[${i}]`, weights[i]);
    if (least === undefined && most === undefined) throw new OptionError(`constraints[${k}]: expected least, most or both, got neither`);
    if (least !== undefined) requireNumber(`constraints[${k}].least`, least);
    if (most !== undefined) requireNumber(`constraints[${k}].most`, most, { least });
  });
}

/** By how much the code at `start` of an array breaks constraints, added up; 0 where it meets them all. */
export function violation(constraints: readonly LinearConstraint[], codes: ArrayLike<number>, start: number): number {
  let total = 0;
  for (const { weights, least = -Infinity, most = Infinity } of constraints) {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += weights[i] * codes[start + i];
    total += Math.max(least - sum, sum - most, 0);
  }
  return total < 1e-9 ? 0 : total;
}

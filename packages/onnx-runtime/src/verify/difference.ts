/** Where an output of the file differs most from the policy. */
export interface Difference {
  /** The relative difference; `verifyOnnx` says what it is relative to. */
  readonly relative: number;
  /** What the policy gives, in float64. */
  readonly policy: number;
  /** What the file gives. */
  readonly file: number;
  /** The observation. */
  readonly observation: Float32Array;
  /** Where the observation comes from, such as `episode 2, step 14`. */
  readonly place: string;
}

/** A relative difference and the element at which it occurs. */
export interface LargestDifference {
  readonly relative: number;
  readonly index: number;
}

/**
 * The largest of |fileᵢ − policyᵢ| / scaleᵢ, infinite where only one of the two is a finite number.
 *
 * @param policy - The reference.
 * @param file - As many elements, in float32.
 * @param scale - As many elements.
 */
export function largestDifference(
  policy: ArrayLike<number>,
  file: ArrayLike<number>,
  scale: ArrayLike<number>,
): LargestDifference {
  let largest: LargestDifference = { relative: 0, index: 0 };
  for (let index = 0; index < policy.length; index++) {
    const relative = relativeDifference(policy[index], file[index], scale[index]);
    if (relative > largest.relative) largest = { relative, index };
  }
  return largest;
}

function relativeDifference(policy: number, file: number, scale: number): number {
  if (file === policy || Object.is(file, Math.fround(policy))) return 0;
  const relative = Math.abs(file - policy) / scale;
  return Number.isNaN(relative) ? Infinity : relative;
}

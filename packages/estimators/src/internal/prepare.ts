import { describe, NumericalError, requireArray, requireInteger, requireNumber, ShapeError } from "@uphill/core-math";
import type { RolloutArrays, ValuedRolloutArrays } from "../rollout.js";

/** A checked rollout: T·N elements, N at a time. */
export interface Prepared {
  readonly count: number;
  readonly environments: number;
  readonly out: Float64Array;
}

/** Checks lengths and γ, and finds or makes the array for the result. */
export function prepare(rollout: RolloutArrays | ValuedRolloutArrays): Prepared {
  const environments = requireInteger("environments", rollout.environments ?? 1, { least: 1 });
  requireNumber("gamma", rollout.gamma, { least: 0, most: 1 });
  const { length: count } = requireArray("rewards", rollout.rewards);
  if (count % environments !== 0) {
    throw new ShapeError(`rewards: expected steps of ${environments} environments, got ${count} in all`);
  }
  requireArray("terminated", rollout.terminated, count);
  requireArray("truncated", rollout.truncated, count);
  if ("values" in rollout) {
    requireArray("values", rollout.values, count);
    requireArray("nextValues", rollout.nextValues, count);
  }
  const out = rollout.out ?? new Float64Array(count);
  requireArray("out", out, count);
  return { count, environments, out };
}

/**
 * Names the input that is not finite. Estimators call it when their result is not, so that finite rollouts pay one
 * addition an element for the check.
 */
export function notFinite(rollout: RolloutArrays | ValuedRolloutArrays, { count, environments }: Prepared): NumericalError {
  const arrays: Record<string, ArrayLike<number>> =
    "values" in rollout
      ? { rewards: rollout.rewards, values: rollout.values, nextValues: rollout.nextValues }
      : { rewards: rollout.rewards };
  for (let i = 0; i < count; i++) {
    for (const [name, array] of Object.entries(arrays)) {
      const read = name !== "nextValues" || rollout.terminated[i] === 0;
      if (Number.isFinite(array[i]) || !read) continue;
      const place = `[${Math.floor(i / environments)}, ${i % environments}]`;
      return new NumericalError(`${name} at ${place}: expected a finite number, got ${describe(array[i])}`);
    }
  }
  return new NumericalError("rewards: expected numbers whose sums are finite, got an overflow");
}

import { describe, expectation, NumericalError, OptionError, requireArray, requireInteger, requireNumber, ShapeError } from "@uphill/core-math";
import type { RolloutArrays } from "../returns/rollout.js";

/** A checked rollout: T·N elements, N a step. */
export interface Prepared {
  readonly count: number;
  readonly environments: number;
  readonly out: Float64Array;
}

/**
 * Checks what every estimator takes, and finds or makes the array for the result.
 *
 * @param rollout - The caller's options.
 * @param arrays - Further arrays that must be as long as the rewards, by name.
 */
export function prepare(rollout: RolloutArrays, arrays: Readonly<Record<string, ArrayLike<number>>> = {}): Prepared {
  const environments = requireInteger("environments", rollout.environments ?? 1, { least: 1 });
  requireNumber("gamma", rollout.gamma, { least: 0, most: 1 });
  const { length: count } = requireArray("rewards", rollout.rewards);
  if (count % environments !== 0) {
    throw new ShapeError(`rewards: expected steps of ${environments} environments, got ${count} in all`);
  }
  requireArray("terminated", rollout.terminated, count);
  requireArray("truncated", rollout.truncated, count);
  for (const name of Object.keys(arrays)) requireArray(name, arrays[name], count);
  const { out = new Float64Array(count) } = rollout;
  if (!(out instanceof Float64Array)) throw new OptionError(expectation("out", "a Float64Array", out));
  return { count, environments, out: requireArray("out", out, count) };
}

/**
 * Names the first input that is not finite. Estimators call it when their result is not, so that finite rollouts pay
 * one subtraction an element for the check: x − x is 0, or NaN where x is not finite.
 *
 * @param prepared - The rollout's size.
 * @param arrays - The arrays that were read, by name.
 * @param readsNextValue - Whether the value that follows step i was read.
 */
export function notFinite(
  { count, environments }: Prepared,
  arrays: Readonly<Record<string, ArrayLike<number>>>,
  readsNextValue: (i: number) => boolean = () => true,
): NumericalError {
  for (let i = 0; i < count; i++) {
    for (const [name, array] of Object.entries(arrays)) {
      if (Number.isFinite(array[i]) || (name === "nextValues" && !readsNextValue(i))) continue;
      const place = `[${Math.floor(i / environments)}, ${i % environments}]`;
      return new NumericalError(`${name} at ${place}: expected a finite number, got ${describe(array[i])}`);
    }
  }
  return new NumericalError("rewards: expected numbers whose sums are finite, got an overflow");
}

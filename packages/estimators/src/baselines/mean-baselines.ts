import { requireArray, requireFinite, requireInteger, ShapeError } from "@uphill/core-math";
import { requireSamples, resultArray } from "../internal/samples.js";

/** Returns of N environments. */
export interface BaselineReturns {
  /** R, finite, row-major [T, N]: element t·N + n is step t of environment n. */
  readonly returns: ArrayLike<number>;
  /** N, at least 1; 1 by default. T is the length over N. */
  readonly environments?: number;
  /** Where the result goes; a new array where left out. */
  readonly out?: Float64Array;
}

/**
 * The constant baseline, the mean of the returns: b = (1/K) Σ_k R_k.
 *
 * A constant that does not depend on the actions leaves the mean of Σ ∇log π (R − b) as it is, because E[∇log π] = 0.
 * Fitted to the samples that it is subtracted from, it shrinks the estimate by 1/K: see {@link leaveOneOutBaseline}.
 * (Williams 1992, section 4.)
 *
 * @param returns - R [K], finite, K ≥ 1.
 * @returns b.
 * @throws ShapeError where there are none; NumericalError naming an element that is not finite.
 */
export function constantBaseline(returns: ArrayLike<number>): number {
  const count = requireSamples("returns", returns);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += returns[i];
  return sum / count;
}

/**
 * The time-dependent baseline, the mean over environments at each step: b_t = (1/N) Σ_n R_{t,n}.
 *
 * @param options - R [T, N], all environments at the same step of their episode.
 * @returns b, [T]: `options.out`, or a new array.
 * @throws ShapeError where the returns are no whole rows; NumericalError naming an element that is not finite.
 */
export function timeBaseline({ returns, environments = 1, out }: BaselineReturns): Float64Array {
  const steps = requireSteps(returns, environments);
  const baseline = resultArray(out, steps);
  for (let t = 0; t < steps; t++) baseline[t] = rowSum(returns, t, environments) / environments;
  return baseline;
}

/**
 * The time-dependent baseline without the environment that uses it:
 *
 *     b_{t,n} = 1/(N−1) Σ_{m≠n} R_{t,m}
 *
 * It is independent of the actions of environment n, so the estimate keeps its mean exactly, for any N. With T = 1 it is
 * the constant baseline of N trajectories. (Kool et al. 2019.)
 *
 * @param options - R [T, N], N ≥ 2.
 * @returns b, [T, N]: `options.out`, or a new array.
 * @throws OptionError for fewer than two environments; ShapeError where the returns are no whole rows; NumericalError
 *   naming an element that is not finite.
 */
export function leaveOneOutBaseline({ returns, environments, out }: BaselineReturns): Float64Array {
  const columns = requireInteger("environments", environments, { least: 2 });
  const steps = requireSteps(returns, columns);
  const baseline = resultArray(out, steps * columns);
  for (let t = 0; t < steps; t++) {
    const sum = rowSum(returns, t, columns);
    for (let i = t * columns; i < (t + 1) * columns; i++) baseline[i] = (sum - returns[i]) / (columns - 1);
  }
  return baseline;
}

function requireSteps(returns: ArrayLike<number>, environments: number): number {
  requireInteger("environments", environments, { least: 1 });
  const { length: count } = requireArray("returns", returns);
  if (count === 0 || count % environments !== 0) {
    throw new ShapeError(`returns: expected steps of ${environments} environments, got ${count} in all`);
  }
  requireFinite("returns", returns, [count / environments, environments]);
  return count / environments;
}

function rowSum(values: ArrayLike<number>, row: number, columns: number): number {
  let sum = 0;
  for (let i = row * columns; i < (row + 1) * columns; i++) sum += values[i];
  return sum;
}

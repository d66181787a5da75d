import { requireInteger } from "@uphill/core-math";
import { notFinite, prepare } from "../internal/prepare.js";
import type { BootstrappedRolloutArrays } from "./rollout.js";

/** What {@link nStepReturns} takes. */
export interface NStepRollout extends BootstrappedRolloutArrays {
  /** n, at least 1: 1 is the target of the TD error; T or more is {@link bootstrappedReturns}. */
  readonly steps: number;
}

/**
 * n-step returns: n rewards, each at its own step, and the critic's value of what follows them:
 *
 *     Q̂ₙ(t) = Σ_{k=t}^{t+n−1} γ^{k−t} r_k + γⁿ V(s_{t+n})
 *
 * An episode that ends within the n steps shortens the sum: the value that follows is 0 where it terminated, and that
 * of the final observation where it was truncated; so does the end of the rollout. With V̂ in place of V the bias is
 * γⁿ E[(V̂ − V)(s_{t+n})]. (Sutton and Barto 2018, equation 7.1.)
 *
 * @param rollout - Arrays [T, N], γ and n. T·N·n operations; `out` may be one of the arrays.
 * @returns Q̂ₙ, [T, N]: `rollout.out`, or a new array.
 * @throws OptionError for γ outside [0, 1] or n below 1; ShapeError for lengths that disagree; NumericalError naming an
 *   element that is not finite by its [t, n].
 */
export function nStepReturns(rollout: NStepRollout): Float64Array {
  const { rewards, nextValues, terminated, truncated, gamma } = rollout;
  const prepared = prepare(rollout, { nextValues });
  const { count, environments, out } = prepared;
  const steps = requireInteger("steps", rollout.steps, { least: 1 });
  let flaw = 0;
  for (let start = 0; start < count; start++) {
    let value = 0;
    let discount = 1;
    let left = steps;
    for (let i = start; ; i += environments) {
      value += discount * rewards[i];
      if (terminated[i] !== 0) break;
      discount *= gamma;
      left--;
      if (left === 0 || truncated[i] !== 0 || i + environments >= count) {
        value += discount * nextValues[i];
        break;
      }
    }
    out[start] = value;
    flaw += value - value;
  }
  if (flaw !== 0) throw notFinite(prepared, { rewards, nextValues }, (i) => terminated[i] === 0);
  return out;
}

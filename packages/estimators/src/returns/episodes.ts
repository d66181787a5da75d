import { prepare } from "../internal/prepare.js";
import { discountedReturns } from "./discounted-returns.js";
import type { RolloutArrays } from "./rollout.js";

/**
 * The return of the whole episode, at each of its steps: what an estimator without temporal structure weights every
 * score of a trajectory with.
 *
 *     G(τ) = Σ_{k≥0} γᵏ r_k,   k counted from the first step of the episode within the rollout
 *
 * `discountedReturns` drops the rewards before a step, which its action cannot have caused, and so has less variance.
 * (Williams 1992, section 5: the episodic case.)
 *
 * @param rollout - Arrays [T, N] and γ.
 * @returns G(τ), [T, N]: `rollout.out`, or a new array. `out` may be the rewards, not the flags.
 * @throws OptionError for γ outside [0, 1]; ShapeError for lengths that disagree; NumericalError naming an element that
 *   is not finite by its [t, n].
 */
export function episodeReturnPerStep(rollout: RolloutArrays): Float64Array {
  const { terminated, truncated, environments = 1 } = rollout;
  const out = discountedReturns(rollout);
  for (let i = environments; i < out.length; i++) {
    const before = i - environments;
    if (terminated[before] === 0 && truncated[before] === 0) out[i] = out[before];
  }
  return out;
}

/**
 * γᵗ, t counted from the first step of each episode within the rollout: the weight that each step carries in the exact
 * gradient of the discounted return. Practice leaves it out, and so weights states by how often they are visited,
 * undiscounted. (Thomas 2014.)
 *
 * @param rollout - Flags [T, N] and γ; of the rewards only the length matters.
 * @returns γᵗ, [T, N]: `rollout.out`, or a new array. `out` may be the rewards, not the flags.
 * @throws OptionError for γ outside [0, 1]; ShapeError for lengths that disagree.
 */
export function discountPerStep(rollout: RolloutArrays): Float64Array {
  const { terminated, truncated, gamma } = rollout;
  const { count, environments, out } = prepare(rollout);
  for (let i = 0; i < count; i++) {
    const before = i - environments;
    out[i] = before < 0 || terminated[before] !== 0 || truncated[before] !== 0 ? 1 : gamma * out[before];
  }
  return out;
}

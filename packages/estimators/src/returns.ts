import { notFinite, prepare } from "./internal/prepare.js";
import type { RolloutArrays, ValuedRolloutArrays } from "./rollout.js";

/**
 * Discounted return of the rewards that were seen, reward-to-go:
 *
 *     G_t = r_t + γ G_{t+1},   G = 0 after the end of an episode and of the rollout
 *
 * Without bias for episodes that terminated within the rollout; what follows a cut counts as 0.
 * (Sutton and Barto 2018, equation 3.9.)
 *
 * @param rollout - Arrays [T, N] and γ.
 * @returns G, [T, N]: `rollout.out`, or a new array.
 * @throws OptionError for γ outside [0, 1]; ShapeError for lengths that disagree; NumericalError naming an element that
 *   is not finite by its [t, n].
 */
export function discountedReturns(rollout: RolloutArrays): Float64Array {
  const prepared = prepare(rollout);
  const { rewards, terminated, truncated, gamma } = rollout;
  const { count, environments, out } = prepared;
  let total = 0;
  for (let i = count - 1; i >= 0; i--) {
    const ended = terminated[i] !== 0 || truncated[i] !== 0 || i + environments >= count;
    out[i] = rewards[i] + (ended ? 0 : gamma * out[i + environments]);
    total += out[i];
  }
  if (!Number.isFinite(total)) throw notFinite(rollout, prepared);
  return out;
}

/**
 * Discounted return whose tail, where it was cut, is the critic's value:
 *
 *     G_t = r_t + γ G_{t+1},   G_{t+1} = V(s_{t+1}) after a truncation and at the rollout's end, 0 after a termination
 *
 * The value target of λ = 1: `gaeAdvantages` at λ = 1 plus V. (Mnih et al. 2016, algorithm S3.)
 *
 * @param rollout - Arrays [T, N] and γ; `values` is not read.
 * @returns G, [T, N]: `rollout.out`, or a new array.
 * @throws OptionError for γ outside [0, 1]; ShapeError for lengths that disagree; NumericalError naming an element that
 *   is not finite by its [t, n].
 */
export function bootstrappedReturns(rollout: ValuedRolloutArrays): Float64Array {
  const prepared = prepare(rollout);
  const { rewards, nextValues, terminated, truncated, gamma } = rollout;
  const { count, environments, out } = prepared;
  let total = 0;
  for (let i = count - 1; i >= 0; i--) {
    const cut = truncated[i] !== 0 || i + environments >= count;
    const following = terminated[i] !== 0 ? 0 : cut ? nextValues[i] : out[i + environments];
    out[i] = rewards[i] + gamma * following;
    total += out[i];
  }
  if (!Number.isFinite(total)) throw notFinite(rollout, prepared);
  return out;
}

import { notFinite, prepare } from "../internal/prepare.js";
import type { BootstrappedRolloutArrays, RolloutArrays } from "./rollout.js";

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
  const { rewards, terminated, truncated, gamma } = rollout;
  const prepared = prepare(rollout);
  const { count, environments, out } = prepared;
  let flaw = 0;
  for (let i = count - 1; i >= 0; i--) {
    const goesOn = terminated[i] === 0 && truncated[i] === 0 && i + environments < count;
    const value = goesOn ? rewards[i] + gamma * out[i + environments] : rewards[i];
    out[i] = value;
    flaw += value - value;
  }
  if (flaw !== 0) throw notFinite(prepared, { rewards });
  return out;
}

/**
 * Discounted return whose tail, where it was cut, is the critic's value:
 *
 *     G_t = r_t + γ G_{t+1},   G_{t+1} = V(s_{t+1}) after a truncation and at the rollout's end, 0 after a termination
 *
 * The value target of λ = 1: `gaeAdvantages` at λ = 1 plus V. (Mnih et al. 2016, algorithm S3.)
 *
 * @param rollout - Arrays [T, N] and γ.
 * @returns G, [T, N]: `rollout.out`, or a new array.
 * @throws OptionError for γ outside [0, 1]; ShapeError for lengths that disagree; NumericalError naming an element that
 *   is not finite by its [t, n].
 */
export function bootstrappedReturns(rollout: BootstrappedRolloutArrays): Float64Array {
  const { rewards, nextValues, terminated, truncated, gamma } = rollout;
  const prepared = prepare(rollout, { nextValues });
  const { count, environments, out } = prepared;
  const cut = (i: number): boolean => truncated[i] !== 0 || i + environments >= count;
  let flaw = 0;
  for (let i = count - 1; i >= 0; i--) {
    let value = rewards[i];
    if (terminated[i] === 0) value += gamma * (cut(i) ? nextValues[i] : out[i + environments]);
    out[i] = value;
    flaw += value - value;
  }
  if (flaw !== 0) throw notFinite(prepared, { rewards, nextValues }, (i) => terminated[i] === 0 && cut(i));
  return out;
}

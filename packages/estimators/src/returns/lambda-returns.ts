import { requireNumber } from "@uphill/core-math";
import { notFinite, prepare } from "../internal/prepare.js";
import type { BootstrappedRolloutArrays } from "./rollout.js";

/** What {@link lambdaReturns} takes. */
export interface LambdaRollout extends BootstrappedRolloutArrays {
  /** λ in [0, 1]: 0 looks one step ahead, 1 to the end of the episode. */
  readonly lambda: number;
}

/**
 * λ-returns, the mean of the n-step returns with weights (1−λ)λ^{n−1}:
 *
 *     G_t = r_t + γ ((1−λ) V(s_{t+1}) + λ G_{t+1})
 *
 * The weight that is left at the end of an episode or of the rollout goes to the longest return: G_{t+1} is V(s_{t+1})
 * after a truncation and at the rollout's end, 0 after a termination. It is `gaeAdvantages` plus V, a value target;
 * the values in it are numbers, so no gradient flows through the target. (Sutton and Barto 2018, equation 12.2.)
 *
 * @param rollout - Arrays [T, N], γ and λ.
 * @returns G, [T, N]: `rollout.out`, or a new array.
 * @throws OptionError for γ or λ outside [0, 1]; ShapeError for lengths that disagree; NumericalError naming an element
 *   that is not finite by its [t, n].
 */
export function lambdaReturns(rollout: LambdaRollout): Float64Array {
  const { rewards, nextValues, terminated, truncated, gamma } = rollout;
  const prepared = prepare(rollout, { nextValues });
  const { count, environments, out } = prepared;
  const lambda = requireNumber("lambda", rollout.lambda, { least: 0, most: 1 });
  let flaw = 0;
  for (let i = count - 1; i >= 0; i--) {
    let value = rewards[i];
    if (terminated[i] === 0) {
      const goesOn = truncated[i] === 0 && i + environments < count;
      const next = nextValues[i];
      value += gamma * (goesOn ? (1 - lambda) * next + lambda * out[i + environments] : next);
    }
    out[i] = value;
    flaw += value - value;
  }
  if (flaw !== 0) throw notFinite(prepared, { rewards, nextValues }, (i) => terminated[i] === 0);
  return out;
}

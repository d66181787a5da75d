import { requireNumber } from "@uphill/core-math";
import { notFinite, prepare } from "../internal/prepare.js";
import type { ValuedRolloutArrays } from "./rollout.js";

/** What {@link gaeAdvantages} takes. */
export interface GaeRollout extends ValuedRolloutArrays {
  /** λ in [0, 1]: 0 is the TD error, with least variance; 1 is Monte Carlo minus value, with least bias. */
  readonly lambda: number;
}

/**
 * Generalised advantage estimation:
 *
 *     Â_t = Σ_{l≥0} (γλ)^l δ_{t+l} = δ_t + γλ Â_{t+1},   δ_t = r_t + γ V(s_{t+1}) − V(s_t)
 *
 * The sum ends with its episode: where terminated, V(s_{t+1}) is 0; where truncated, it is that of the final
 * observation; either cuts the trace, and so does the end of the rollout. Add V for a value target.
 * (Schulman et al. 2016, equation 16.)
 *
 * @param rollout - Arrays [T, N], γ and λ.
 * @returns Â, [T, N]: `rollout.out`, or a new array.
 * @throws OptionError for γ or λ outside [0, 1]; ShapeError for lengths that disagree; NumericalError naming an element
 *   that is not finite by its [t, n].
 */
export function gaeAdvantages(rollout: GaeRollout): Float64Array {
  const { rewards, values, nextValues, terminated, truncated, gamma } = rollout;
  const prepared = prepare(rollout, { values, nextValues });
  const { count, environments, out } = prepared;
  const decay = gamma * requireNumber("lambda", rollout.lambda, { least: 0, most: 1 });
  let flaw = 0;
  for (let i = count - 1; i >= 0; i--) {
    let advantage = rewards[i] - values[i];
    if (terminated[i] === 0) {
      advantage += gamma * nextValues[i];
      if (truncated[i] === 0 && i + environments < count) advantage += decay * out[i + environments];
    }
    out[i] = advantage;
    flaw += advantage - advantage;
  }
  if (flaw !== 0) throw notFinite(prepared, { rewards, values, nextValues }, (i) => terminated[i] === 0);
  return out;
}

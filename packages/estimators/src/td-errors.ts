import { notFinite, prepare } from "./internal/prepare.js";
import type { ValuedRolloutArrays } from "./rollout.js";

/**
 * Temporal-difference error of each step:
 *
 *     δ_t = r_t + γ V(s_{t+1}) − V(s_t),   with V(s_{t+1}) = 0 where terminated
 *
 * The advantage of n = 1 step. (Sutton and Barto 2018, equation 6.5.)
 *
 * @param rollout - Arrays [T, N] and γ.
 * @returns δ, [T, N]: `rollout.out`, or a new array.
 * @throws OptionError for γ outside [0, 1]; ShapeError for lengths that disagree; NumericalError naming an element that
 *   is not finite by its [t, n].
 */
export function tdErrors(rollout: ValuedRolloutArrays): Float64Array {
  const prepared = prepare(rollout);
  const { rewards, values, nextValues, terminated, gamma } = rollout;
  const { count, out } = prepared;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const bootstrap = terminated[i] === 0 ? gamma * nextValues[i] : 0;
    out[i] = rewards[i] + bootstrap - values[i];
    total += out[i];
  }
  if (!Number.isFinite(total)) throw notFinite(rollout, prepared);
  return out;
}

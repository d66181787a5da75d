import { notFinite, prepare } from "../internal/prepare.js";
import type { ValuedRolloutArrays } from "./rollout.js";

/**
 * Temporal-difference error of each step:
 *
 *     δ_t = r_t + γ V(s_{t+1}) − V(s_t),   with V(s_{t+1}) = 0 where terminated
 *
 * The advantage that looks one step ahead. (Sutton and Barto 2018, equation 6.5.)
 *
 * @param rollout - Arrays [T, N] and γ.
 * @returns δ, [T, N]: `rollout.out`, or a new array.
 * @throws OptionError for γ outside [0, 1]; ShapeError for lengths that disagree; NumericalError naming an element that
 *   is not finite by its [t, n].
 */
export function tdErrorsPerStep(rollout: ValuedRolloutArrays): Float64Array {
  const { rewards, values, nextValues, terminated, gamma } = rollout;
  const prepared = prepare(rollout, { values, nextValues });
  const { count, out } = prepared;
  let flaw = 0;
  for (let i = 0; i < count; i++) {
    let error = rewards[i] - values[i];
    if (terminated[i] === 0) error += gamma * nextValues[i];
    out[i] = error;
    flaw += error - error;
  }
  if (flaw !== 0) throw notFinite(prepared, { rewards, values, nextValues }, (i) => terminated[i] === 0);
  return out;
}

import { requireNumber } from "@uphill/core-math";
import { notFinite, prepare } from "../internal/prepare.js";
import type { GaeRollout } from "./gae-advantages.js";

/**
 * Generalised advantage estimation as it is defined, the weighted mean of the n-step advantages:
 *
 *     Â_t = (1−λ) Σ_{n≥1} λ^{n−1} A_t^{(n)},   A_t^{(n)} = Σ_{l=0}^{n−1} γ^l r_{t+l} + γⁿ V(s_{t+n}) − V(s_t)
 *
 * At the end of an episode or of the rollout, the weight that is left, λ^{n−1}, goes to the last term; λ = 1 is the
 * limit. {@link gaeAdvantages} gives the same in one pass; this one says why, and takes T steps for each of T.
 * (Schulman et al. 2016, equations 11 to 16.)
 *
 * @param rollout - Arrays [T, N], γ and λ.
 * @returns Â, [T, N]: `rollout.out`, or a new array.
 * @throws as {@link gaeAdvantages}.
 */
export function gaeAdvantagesByDefinition(rollout: GaeRollout): Float64Array {
  const { rewards, values, nextValues, terminated, truncated, gamma } = rollout;
  const prepared = prepare(rollout, { values, nextValues });
  const { count, environments, out } = prepared;
  const lambda = requireNumber("lambda", rollout.lambda, { least: 0, most: 1 });
  let flaw = 0;
  for (let start = 0; start < count; start++) {
    const own = values[start];
    let [mean, seen, discount, weight] = [0, 0, 1, 1];
    for (let i = start; ; i += environments) {
      seen += discount * rewards[i];
      discount *= gamma;
      const advantage = (terminated[i] === 0 ? seen + discount * nextValues[i] : seen) - own;
      if (terminated[i] !== 0 || truncated[i] !== 0 || i + environments >= count) {
        mean += weight * advantage;
        break;
      }
      mean += (1 - lambda) * weight * advantage;
      weight *= lambda;
    }
    out[start] = mean;
    flaw += mean - mean;
  }
  if (flaw !== 0) throw notFinite(prepared, { rewards, values, nextValues }, (i) => terminated[i] === 0);
  return out;
}

import { exp, requireNumber } from "@uphill/core-math";
import { notFinite, prepare } from "../internal/prepare.js";
import type { ValuedRolloutArrays } from "./rollout.js";

/** A rollout of a behaviour policy μ, with the ratios to the policy π whose value is wanted. */
export interface OffPolicyRollout extends ValuedRolloutArrays {
  /** log π(a_t|s_t) − log μ(a_t|s_t) in nats, [T, N]; −∞ for an action that π never takes. */
  readonly logRatios: ArrayLike<number>;
  /** ρ̄ > 0, the largest weight of a TD error, which decides what is estimated; 1 by default. */
  readonly ratioClip?: number;
}

/** What {@link vTraceTargets} takes. */
export interface VTraceRollout extends OffPolicyRollout {
  /** λ in [0, 1]; 1 by default, as in the paper. */
  readonly lambda?: number;
  /** c̄ > 0, the largest weight of a trace, which decides how fast; 1 by default. At most ρ̄. */
  readonly traceClip?: number;
}

/** What {@link vTraceAdvantages} takes. */
export interface VTraceAdvantageRollout extends OffPolicyRollout {
  /** v of {@link vTraceTargets}, [T, N]. */
  readonly targets: ArrayLike<number>;
}

/**
 * V-trace value targets, off-policy λ-returns with clipped importance weights:
 *
 *     v_t = V(s_t) + ρ_t δ_t + γ c_t (v_{t+1} − V(s_{t+1})),   δ_t = r_t + γ V(s_{t+1}) − V(s_t),
 *     ρ_t = min(ρ̄, π/μ),   c_t = λ min(c̄, π/μ)
 *
 * Terminations, truncations and the rollout's end cut the trace as in `gaeAdvantages`. On-policy (ratios of 1) this is
 * `lambdaReturns`. (Espeholt et al. 2018, equation 1, and remark 2 for λ.)
 *
 * @param rollout - Arrays [T, N], γ, λ and the bounds.
 * @returns v, [T, N]: `rollout.out`, or a new array.
 * @throws OptionError for γ or λ outside [0, 1], a bound that is not above 0, or c̄ above ρ̄; ShapeError for lengths
 *   that disagree; NumericalError naming an element that is not finite by its [t, n].
 */
export function vTraceTargets(rollout: VTraceRollout): Float64Array {
  const { rewards, values, nextValues, terminated, truncated, logRatios, gamma } = rollout;
  const prepared = prepare(rollout, { values, nextValues, logRatios });
  const { count, environments, out } = prepared;
  const lambda = requireNumber("lambda", rollout.lambda ?? 1, { least: 0, most: 1 });
  const ratioClip = requireNumber("ratioClip", rollout.ratioClip ?? 1, { above: 0 });
  const traceClip = requireNumber("traceClip", rollout.traceClip ?? Math.min(1, ratioClip), { above: 0, most: ratioClip });
  let flaw = 0;
  for (let i = count - 1; i >= 0; i--) {
    const ratio = exp(logRatios[i]);
    let error = rewards[i] - values[i];
    let correction = 0;
    if (terminated[i] === 0) {
      error += gamma * nextValues[i];
      const goesOn = truncated[i] === 0 && i + environments < count;
      if (goesOn) correction = gamma * lambda * Math.min(traceClip, ratio) * (out[i + environments] - nextValues[i]);
    }
    const target = values[i] + Math.min(ratioClip, ratio) * error + correction;
    out[i] = target;
    flaw += target - target;
  }
  if (flaw !== 0) {
    const arrays = { rewards, values, nextValues, logRatios: possible(logRatios) };
    throw notFinite(prepared, arrays, (i) => terminated[i] === 0);
  }
  return out;
}

/**
 * V-trace advantages, the weights of ∇log π(a_t|s_t):
 *
 *     ρ_t (r_t + γ v_{t+1} − V(s_t)),   ρ_t = min(ρ̄, π/μ)
 *
 * with v_{t+1} = V(s_{t+1}) after a truncation and at the rollout's end, 0 after a termination. (Espeholt et al. 2018,
 * section 4.2.)
 *
 * @param rollout - Arrays [T, N], γ, ρ̄ and the targets v.
 * @returns Advantages, [T, N]: `rollout.out`, or a new array.
 * @throws as {@link vTraceTargets}.
 */
export function vTraceAdvantages(rollout: VTraceAdvantageRollout): Float64Array {
  const { rewards, values, nextValues, terminated, truncated, logRatios, targets, gamma } = rollout;
  const prepared = prepare(rollout, { values, nextValues, logRatios, targets });
  const { count, environments, out } = prepared;
  const ratioClip = requireNumber("ratioClip", rollout.ratioClip ?? 1, { above: 0 });
  let flaw = 0;
  for (let i = 0; i < count; i++) {
    let error = rewards[i] - values[i];
    if (terminated[i] === 0) {
      const goesOn = truncated[i] === 0 && i + environments < count;
      error += gamma * (goesOn ? targets[i + environments] : nextValues[i]);
    }
    const advantage = Math.min(ratioClip, exp(logRatios[i])) * error;
    out[i] = advantage;
    flaw += advantage - advantage;
  }
  if (flaw !== 0) {
    const arrays = { rewards, values, nextValues, logRatios: possible(logRatios), targets };
    throw notFinite(prepared, arrays, (i) => terminated[i] === 0);
  }
  return out;
}

/** Log-ratios of which −∞, a ratio of 0, is not to blame for a result that is not finite. */
function possible(logRatios: ArrayLike<number>): readonly number[] {
  return Array.from(logRatios, (ratio) => (ratio === -Infinity ? 0 : ratio));
}

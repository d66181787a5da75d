import { requireArray, requireInteger, requireNumber } from "@uphill/core-math";

/** What {@link demonstratedPolicy} takes. */
export interface Demonstrations {
  /** s_k, integers from 0 to S − 1, [K]. */
  readonly states: ArrayLike<number>;
  /** a_k, integers from 0 to A − 1, [K]. */
  readonly actions: ArrayLike<number>;
  /** S, at least 1. */
  readonly stateCount: number;
  /** A, at least 1. */
  readonly actionCount: number;
  /** How often each action counts as seen before the first demonstration, at least 0; 0 by default. */
  readonly smoothing?: number;
}

/**
 * The policy that is most likely to have taken the demonstrated actions:
 *
 *     π̂ = argmax_π Σ_k log π(a_k|s_k),   π̂(a|s) = n(s, a) / Σ_b n(s, b)
 *
 * Every action weighs alike, whatever came of it: the gradient of its objective is `scoreGradient` with Ψ = 1, and the
 * policy gradient is the same sum weighted by advantages. A state that was not demonstrated gets the uniform policy.
 * (Pomerleau 1991; Murphy 2012, section 3.4 for the counts and their smoothing.)
 *
 * @param demonstrations - States [K] and actions [K], their numbers, and the smoothing, which is added to each n(s, a).
 * @returns π̂, a new array [S, A].
 * @throws OptionError for sizes below 1, a negative smoothing, or a state or action that is out of range, naming it;
 *   ShapeError where the lengths disagree.
 */
export function demonstratedPolicy(demonstrations: Demonstrations): Float64Array {
  const { states, actions, smoothing = 0 } = demonstrations;
  const stateCount = requireInteger("stateCount", demonstrations.stateCount, { least: 1 });
  const actionCount = requireInteger("actionCount", demonstrations.actionCount, { least: 1 });
  requireNumber("smoothing", smoothing, { least: 0 });
  const { length } = requireArray("states", states);
  requireArray("actions", actions, length);
  const policy = new Float64Array(stateCount * actionCount).fill(smoothing);
  for (let k = 0; k < length; k++) {
    const state = requireInteger(`states at [${k}]`, states[k], { least: 0, below: stateCount });
    policy[state * actionCount + requireInteger(`actions at [${k}]`, actions[k], { least: 0, below: actionCount })] += 1;
  }
  for (let row = 0; row < policy.length; row += actionCount) {
    let seen = 0;
    for (let i = row; i < row + actionCount; i++) seen += policy[i];
    for (let i = row; i < row + actionCount; i++) policy[i] = seen > 0 ? policy[i] / seen : 1 / actionCount;
  }
  return policy;
}

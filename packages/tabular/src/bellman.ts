import { log, requireNumber } from "@uphill/core-math";
import type { FiniteMdp } from "./finite-mdp.js";
import { requireMdp, requirePolicy, requireValue } from "./internal/require.js";
import { softMaximum } from "./internal/soft-maximum.js";

/**
 * The value of each action when a value of states follows it:
 *
 *     Q(s, a) = r(s, a) + γ Σ_{s′} P(s′ | s, a) V(s′)
 *
 * Q^π where V is V^π, Q* where V is V*. (Sutton and Barto 2018, section 4.2.)
 *
 * @param mdp - A finite MDP.
 * @param value - V, [S], finite.
 * @returns Q, a new array [S, A].
 * @throws OptionError, ShapeError or NumericalError naming what is wrong.
 */
export function actionValues(mdp: FiniteMdp, value: ArrayLike<number>): Float64Array {
  requireValue(mdp, value);
  const { states, transition, reward, gamma } = mdp;
  return reward.map((r, pair) => {
    let next = 0;
    for (let s = 0; s < states; s++) next += transition[pair * states + s] * value[s];
    return r + gamma * next;
  });
}

/**
 * The Bellman operator of a policy; a contraction by γ in the maximum norm, with fixed point V^π:
 *
 *     (T^π V)(s) = Σ_a π(a | s) Q(s, a),   Q = r + γ P V
 *
 * (Puterman 1994, section 6.1.)
 *
 * @param mdp - A finite MDP.
 * @param policy - π, [S, A].
 * @param value - V, [S], finite.
 * @returns T^π V, a new array [S].
 * @throws OptionError, ShapeError or NumericalError naming what is wrong.
 */
export function bellman(mdp: FiniteMdp, policy: ArrayLike<number>, value: ArrayLike<number>): Float64Array {
  return softBellman(mdp, policy, value, 0);
}

/**
 * The optimal Bellman operator; a contraction by γ in the maximum norm, with fixed point V*:
 *
 *     (T V)(s) = max_a Q(s, a),   Q = r + γ P V
 *
 * (Puterman 1994, section 6.2.)
 *
 * @param mdp - A finite MDP.
 * @param value - V, [S], finite.
 * @returns T V, a new array [S].
 * @throws OptionError, ShapeError or NumericalError naming what is wrong.
 */
export function optimalBellman(mdp: FiniteMdp, value: ArrayLike<number>): Float64Array {
  const { states, actions } = requireMdp(mdp);
  const q = actionValues(mdp, value);
  return Float64Array.from({ length: states }, (_, s) => {
    let best = q[s * actions];
    for (let a = 1; a < actions; a++) best = Math.max(best, q[s * actions + a]);
    return best;
  });
}

/**
 * The Bellman operator of a policy that is rewarded for entropy; a contraction by γ in the maximum norm:
 *
 *     (T^π_τ V)(s) = Σ_a π(a | s) (Q(s, a) − τ log π(a | s)),   Q = r + γ P V
 *
 * τ = 0 is {@link bellman}. (Haarnoja et al. 2018, equations 2 and 3.)
 *
 * @param mdp - A finite MDP.
 * @param policy - π, [S, A]; an action of probability 0 counts as 0.
 * @param value - V, [S], finite.
 * @param temperature - τ ≥ 0, the reward of one nat of entropy.
 * @returns T^π_τ V, a new array [S].
 * @throws OptionError, ShapeError or NumericalError naming what is wrong.
 */
export function softBellman(
  mdp: FiniteMdp,
  policy: ArrayLike<number>,
  value: ArrayLike<number>,
  temperature: number,
): Float64Array {
  requirePolicy(mdp, policy);
  requireNumber("temperature", temperature, { least: 0 });
  const { states, actions } = mdp;
  const q = actionValues(mdp, value);
  return Float64Array.from({ length: states }, (_, s) => {
    let sum = 0;
    for (let i = s * actions; i < (s + 1) * actions; i++) {
      if (policy[i] > 0) sum += policy[i] * (q[i] - temperature * log(policy[i]));
    }
    return sum;
  });
}

/**
 * The optimal Bellman operator with a reward for entropy; a contraction by γ in the maximum norm:
 *
 *     (T_τ V)(s) = max_π (T^π_τ V)(s) = τ log Σ_a exp(Q(s, a) / τ),   Q = r + γ P V
 *
 * The maximum is taken by the {@link boltzmannPolicy}. It lies between T V and T V + τ log A. (Haarnoja et al. 2017,
 * theorem 2.)
 *
 * @param mdp - A finite MDP.
 * @param value - V, [S], finite.
 * @param temperature - τ > 0, the reward of one nat of entropy.
 * @returns T_τ V, a new array [S].
 * @throws OptionError, ShapeError or NumericalError naming what is wrong.
 */
export function softOptimalBellman(mdp: FiniteMdp, value: ArrayLike<number>, temperature: number): Float64Array {
  const { states, actions } = requireMdp(mdp);
  requireNumber("temperature", temperature, { above: 0 });
  const q = actionValues(mdp, value);
  return Float64Array.from({ length: states }, (_, s) => softMaximum(q.subarray(s * actions, (s + 1) * actions), temperature));
}

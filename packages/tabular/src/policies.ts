import { requireFinite, requireNumber } from "@uphill/core-math";
import { actionValues } from "./bellman.js";
import type { FiniteMdp } from "./finite-mdp.js";
import { requireMdp } from "./internal/require.js";
import { softmaxInPlace } from "./internal/soft-maximum.js";

/**
 * The policy that takes an action of the greatest value, the first at a tie:
 *
 *     π(a | s) = 1 for a = argmax_a Q(s, a), else 0;   Q = r + γ P V
 *
 * Greedy for V^π it is at least as good as π in every state (Sutton and Barto 2018, section 4.2); for V* it is optimal.
 *
 * @param mdp - A finite MDP.
 * @param value - V, [S], finite.
 * @returns π, a new array [S, A].
 * @throws OptionError, ShapeError or NumericalError naming what is wrong.
 */
export function greedyPolicy(mdp: FiniteMdp, value: ArrayLike<number>): Float64Array {
  const { states, actions } = requireMdp(mdp);
  const q = actionValues(mdp, value);
  const policy = new Float64Array(states * actions);
  for (let s = 0; s < states; s++) {
    let best = s * actions;
    for (let i = best + 1; i < (s + 1) * actions; i++) if (q[i] > q[best]) best = i;
    policy[best] = 1;
  }
  return policy;
}

/**
 * The policy that weighs actions by the exponential of their value:
 *
 *     π(a | s) = exp(Q(s, a)/τ) / Σ_b exp(Q(s, b)/τ),   Q = r + γ P V
 *
 * It maximises the value of one step with a reward of τ a nat of entropy: for any other π,
 * T^π_τ V = T_τ V − τ KL(π ‖ Boltzmann). (Haarnoja et al. 2017, theorem 1.)
 *
 * @param mdp - A finite MDP.
 * @param value - V, [S], finite.
 * @param temperature - τ > 0: uniform for large τ, greedy for small.
 * @returns π, a new array [S, A].
 * @throws OptionError, ShapeError or NumericalError naming what is wrong.
 */
export function boltzmannPolicy(mdp: FiniteMdp, value: ArrayLike<number>, temperature: number): Float64Array {
  const { actions } = requireMdp(mdp);
  requireNumber("temperature", temperature, { above: 0 });
  return softmaxInPlace(actionValues(mdp, value), actions, temperature);
}

/**
 * The policy of a table of logits:
 *
 *     π(a | s) = exp θ(s, a) / Σ_b exp θ(s, b)
 *
 * (Agarwal et al. 2021, section 5: the tabular softmax class.)
 *
 * @param mdp - A finite MDP.
 * @param logits - θ, [S, A], finite.
 * @returns π, a new array [S, A].
 * @throws OptionError, ShapeError or NumericalError naming what is wrong.
 */
export function softmaxPolicy(mdp: FiniteMdp, logits: ArrayLike<number>): Float64Array {
  const { states, actions } = requireMdp(mdp);
  return softmaxInPlace(Float64Array.from(requireFinite("logits", logits, [states, actions])), actions, 1);
}

import { luSolve } from "@uphill/core-math";
import { actionValues } from "./bellman.js";
import type { FiniteMdp } from "./finite-mdp.js";
import { policyResolvent } from "./internal/policy-resolvent.js";
import { policyReward } from "./policy-chain.js";

/**
 * The value of a policy, by solving its Bellman equation:
 *
 *     V^π = (I − γ P_π)⁻¹ r_π,   the fixed point of T^π
 *
 * Exact but for rounding, of relative size 1e-16 / (1 − γ). S³/3 multiplications. (Puterman 1994, theorem 6.1.1.)
 *
 * @param mdp - A finite MDP.
 * @param policy - π, [S, A].
 * @returns V^π, a new array [S].
 * @throws OptionError or ShapeError naming what is wrong.
 */
export function policyValue(mdp: FiniteMdp, policy: ArrayLike<number>): Float64Array {
  return luSolve(policyResolvent(mdp, policy), policyReward(mdp, policy));
}

/**
 * The advantage of each action over the policy's own:
 *
 *     A^π(s, a) = Q^π(s, a) − V^π(s),   Σ_a π(a | s) A^π(s, a) = 0
 *
 * (Sutton and Barto 2018, section 13.4; Baird 1993.)
 *
 * @param mdp - A finite MDP.
 * @param policy - π, [S, A].
 * @returns A^π, a new array [S, A].
 * @throws OptionError or ShapeError naming what is wrong.
 */
export function policyAdvantages(mdp: FiniteMdp, policy: ArrayLike<number>): Float64Array {
  const value = policyValue(mdp, policy);
  return actionValues(mdp, value).map((q, i) => q - value[Math.floor(i / mdp.actions)]);
}

/**
 * The expected discounted return of a policy from the start, its objective:
 *
 *     η(π) = Σ_s α(s) V^π(s) = E[Σ_t γᵗ r_t]
 *
 * (Sutton et al. 2000, section 1.)
 *
 * @param mdp - A finite MDP.
 * @param policy - π, [S, A].
 * @returns η(π).
 * @throws OptionError or ShapeError naming what is wrong.
 */
export function policyReturn(mdp: FiniteMdp, policy: ArrayLike<number>): number {
  return policyValue(mdp, policy).reduce((sum, v, s) => sum + mdp.initial[s] * v, 0);
}

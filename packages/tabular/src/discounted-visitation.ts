import { luSolveTransposed, requireFinite } from "@uphill/core-math";
import type { FiniteMdp } from "./finite-mdp.js";
import { policyResolvent } from "./internal/policy-resolvent.js";
import { requireMdp } from "./internal/require.js";
import { policyTransition } from "./policy-chain.js";

/**
 * How often a policy visits each state, discounted:
 *
 *     d^π = α (I − γ P_π)⁻¹,   d^π(s) = Σ_t γᵗ Pr(s_t = s)
 *
 * It is not normalised: it sums to 1/(1 − γ), and η(π) = Σ_s d^π(s) r_π(s). Times 1 − γ it is a distribution.
 * (Sutton et al. 2000, section 1.)
 *
 * @param mdp - A finite MDP.
 * @param policy - π, [S, A].
 * @returns d^π, a new array [S].
 * @throws OptionError or ShapeError naming what is wrong.
 */
export function discountedVisitation(mdp: FiniteMdp, policy: ArrayLike<number>): Float64Array {
  return luSolveTransposed(policyResolvent(mdp, policy), mdp.initial);
}

/**
 * One step of the balance of visits, whose fixed point is {@link discountedVisitation}: what enters a state is what
 * starts there and what comes from others,
 *
 *     (B^π d)(s′) = α(s′) + γ Σ_s d(s) P_π(s′ | s)
 *
 * A contraction by γ in the sum norm. (Puterman 1994, section 6.9: the constraints of the dual linear program.)
 *
 * @param mdp - A finite MDP.
 * @param policy - π, [S, A].
 * @param visitation - d, [S], finite.
 * @returns B^π d, a new array [S].
 * @throws OptionError, ShapeError or NumericalError naming what is wrong.
 */
export function visitationBalance(
  mdp: FiniteMdp,
  policy: ArrayLike<number>,
  visitation: ArrayLike<number>,
): Float64Array {
  const { states, initial, gamma } = requireMdp(mdp);
  requireFinite("visitation", visitation, [states]);
  const chain = policyTransition(mdp, policy);
  const balance = Float64Array.from(initial);
  for (let i = 0; i < chain.length; i++) balance[i % states] += gamma * visitation[Math.floor(i / states)] * chain[i];
  return balance;
}

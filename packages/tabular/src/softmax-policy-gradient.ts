import { discountedVisitation } from "./discounted-visitation.js";
import type { FiniteMdp } from "./finite-mdp.js";
import { softmaxPolicy } from "./policies.js";
import { policyAdvantages } from "./policy-value.js";

/**
 * The exact gradient of the return of a {@link softmaxPolicy} by its logits:
 *
 *     ∂η/∂θ(s, a) = d^π(s) π(a | s) A^π(s, a)
 *
 * with the unnormalised visitation d^π, and so with γᵗ in front of each step. (Agarwal et al. 2021, section 5, where d is
 * normalised and 1/(1 − γ) stands before it.)
 *
 * @param mdp - A finite MDP.
 * @param logits - θ, [S, A], finite.
 * @returns ∂η/∂θ, a new array [S, A]; it sums to 0 over the actions of a state.
 * @throws OptionError, ShapeError or NumericalError naming what is wrong.
 */
export function softmaxPolicyGradient(mdp: FiniteMdp, logits: ArrayLike<number>): Float64Array {
  const policy = softmaxPolicy(mdp, logits);
  const visitation = discountedVisitation(mdp, policy);
  return policyAdvantages(mdp, policy).map((advantage, i) => visitation[Math.floor(i / mdp.actions)] * policy[i] * advantage);
}

import { requireProbabilities } from "@uphill/core-math";
import { discountedVisitation, policyAdvantages, policyReturn } from "@uphill/tabular";
import type { FiniteMdp } from "@uphill/tabular";

/**
 * What a candidate gains over a policy in each state, were the policy to go on after its one action:
 *
 *     Ā(s) = Σ_a π̃(a | s) A^π(s, a)
 *
 * |Ā(s)| ≤ 2 TV(π, π̃)(s) · max_a |A^π(s, a)|, since Σ_a π A^π = 0; so |Ā(s)| ≤ 2 α max |A| for α-coupled policies.
 * (Schulman et al. 2015, appendix A, lemma 2.)
 *
 * @param mdp - A finite MDP.
 * @param policy - π, [S, A].
 * @param candidate - π̃, [S, A].
 * @returns Ā, a new array [S].
 * @throws OptionError or ShapeError naming what is wrong.
 */
export function expectedAdvantages(mdp: FiniteMdp, policy: ArrayLike<number>, candidate: ArrayLike<number>): Float64Array {
  const advantages = policyAdvantages(mdp, policy);
  requireProbabilities("candidate", candidate, [mdp.states, mdp.actions]);
  const means = new Float64Array(mdp.states);
  for (let i = 0; i < advantages.length; i++) means[Math.floor(i / mdp.actions)] += candidate[i] * advantages[i];
  return means;
}

/**
 * What a candidate's return is above a policy's, exactly, as its advantages over the states that the candidate visits:
 *
 *     η(π̃) − η(π) = Σ_s d^π̃(s) Ā(s)
 *
 * with the unnormalised visitation d. (Kakade and Langford 2002, lemma 6.1; Schulman et al. 2015, equation 1.)
 *
 * @param mdp - A finite MDP.
 * @param policy - π, [S, A].
 * @param candidate - π̃, [S, A].
 * @returns The difference.
 * @throws OptionError or ShapeError naming what is wrong.
 */
export function performanceDifference(mdp: FiniteMdp, policy: ArrayLike<number>, candidate: ArrayLike<number>): number {
  return weightedSum(expectedAdvantages(mdp, policy, candidate), discountedVisitation(mdp, candidate));
}

/**
 * The local approximation of a candidate's return, over the states that the old policy visits:
 *
 *     L_π(π̃) = η(π) + Σ_s d^π(s) Ā(s)
 *
 * with the unnormalised visitation d. It equals η in value and in gradient at π̃ = π, and is linear in π̃.
 * (Schulman et al. 2015, equations 3 and 4.)
 *
 * @param mdp - A finite MDP.
 * @param policy - π, [S, A], the old one.
 * @param candidate - π̃, [S, A].
 * @returns L_π(π̃).
 * @throws OptionError or ShapeError naming what is wrong.
 */
export function surrogateReturn(mdp: FiniteMdp, policy: ArrayLike<number>, candidate: ArrayLike<number>): number {
  const gain = weightedSum(expectedAdvantages(mdp, policy, candidate), discountedVisitation(mdp, policy));
  return policyReturn(mdp, policy) + gain;
}

function weightedSum(values: Float64Array, weights: Float64Array): number {
  return values.reduce((sum, value, i) => sum + weights[i] * value, 0);
}

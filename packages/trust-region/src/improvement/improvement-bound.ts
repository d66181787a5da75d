import { requireNumber } from "@uphill/core-math";
import { policyAdvantages } from "@uphill/tabular";
import type { FiniteMdp } from "@uphill/tabular";
import { klDivergenceNats } from "../discrete/kl-divergence-nats.js";
import { surrogateReturn } from "./surrogate-return.js";
import { totalVariation } from "./total-variation.js";

/** What {@link improvementBound} knows about a candidate's return. */
export interface ImprovementBound {
  /** L_π(π̃). */
  readonly surrogate: number;
  /** ε = max |A^π(s, a)|, over states and actions. */
  readonly largestAdvantage: number;
  /** α = max TV(π, π̃)(s), over states; in [0, 1]. */
  readonly largestTotalVariation: number;
  /** max KL(π(· | s) ‖ π̃(· | s)), over states: nats; ∞ where the candidate excludes what the policy does. */
  readonly largestKlNats: number;
  /** L − 4εγ/(1 − γ)² · α², at most η(π̃). */
  readonly byTotalVariation: number;
  /** L − C max KL, at most `byTotalVariation`. */
  readonly byKl: number;
}

/**
 * Lower bounds on a candidate's return from what is known about the old policy:
 *
 *     η(π̃) ≥ L_π(π̃) − 4εγ/(1 − γ)² · α² ≥ L_π(π̃) − C max_s KL(π ‖ π̃)(s),   C = 2εγ/(1 − γ)²
 *
 * with ε = max |A^π|, α = max_s TV(π, π̃)(s), and TV² ≤ KL/2. (Schulman et al. 2015, theorem 1; there the constant in
 * front of the KL is 4εγ/(1 − γ)², from TV² ≤ KL: valid, and twice as large.)
 *
 * @param mdp - A finite MDP.
 * @param policy - π, [S, A], the old one.
 * @param candidate - π̃, [S, A].
 * @returns Both bounds, and what they are made of.
 * @throws OptionError or ShapeError naming what is wrong.
 */
export function improvementBound(
  mdp: FiniteMdp,
  policy: ArrayLike<number>,
  candidate: ArrayLike<number>,
): ImprovementBound {
  const surrogate = surrogateReturn(mdp, policy, candidate);
  const largestAdvantage = policyAdvantages(mdp, policy).reduce((most, a) => Math.max(most, Math.abs(a)), 0);
  const penalty = improvementPenalty(largestAdvantage, mdp.gamma);
  const largestTotalVariation = largestOverStates(mdp, totalVariation, policy, candidate);
  const largestKlNats = largestOverStates(mdp, klDivergenceNats, policy, candidate);
  return {
    surrogate,
    largestAdvantage,
    largestTotalVariation,
    largestKlNats,
    byTotalVariation: surrogate - 2 * penalty * largestTotalVariation * largestTotalVariation,
    byKl: penalty === 0 ? surrogate : surrogate - penalty * largestKlNats,
  };
}

/**
 * What a nat of divergence costs in the bound on a candidate's return:
 *
 *     C = 2εγ / (1 − γ)²
 *
 * (Schulman et al. 2015, theorem 1, with TV² ≤ KL/2.)
 *
 * @param largestAdvantage - ε = max |A^π|, at least 0.
 * @param gamma - γ in [0, 1).
 * @returns C ≥ 0.
 * @throws OptionError for arguments out of range.
 */
export function improvementPenalty(largestAdvantage: number, gamma: number): number {
  requireNumber("largestAdvantage", largestAdvantage, { least: 0 });
  requireNumber("gamma", gamma, { least: 0, below: 1 });
  return (2 * largestAdvantage * gamma) / (1 - gamma) ** 2;
}

function largestOverStates(
  { states, actions }: FiniteMdp,
  divergence: (p: Float64Array, q: Float64Array) => number,
  policy: ArrayLike<number>,
  candidate: ArrayLike<number>,
): number {
  const [p, q] = [Float64Array.from(policy), Float64Array.from(candidate)];
  let most = 0;
  for (let s = 0; s < states; s++) {
    const [start, end] = [s * actions, (s + 1) * actions];
    most = Math.max(most, divergence(p.subarray(start, end), q.subarray(start, end)));
  }
  return most;
}

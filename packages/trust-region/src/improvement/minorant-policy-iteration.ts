import { expectation, OptionError, requireArray, requireInteger, requireNumber, requireObject } from "@uphill/core-math";
import { discountedVisitation, policyAdvantages, policyReturn } from "@uphill/tabular";
import type { FiniteMdp } from "@uphill/tabular";
import { maximizePenalizedLinear } from "../internal/maximize-penalized-linear.js";
import { improvementPenalty } from "./improvement-bound.js";

/** What {@link minorantStep} takes beside process and policy. */
export interface MinorantOptions {
  /**
   * What the policy sees in each state, [S], integers in [0, S): it acts alike where it sees the same. The state itself
   * by default.
   */
  readonly observations?: ArrayLike<number>;
  /** A factor ≥ 0 of the penalty C; 1 by default. Below 1 the step is longer, and nothing is guaranteed. */
  readonly penaltyScale?: number;
}

/**
 * The policy that maximises the lower bound on its return, given the old policy:
 *
 *     π′ = argmax_π̃ L_π(π̃) − C max_s KL(π(· | s) ‖ π̃(· | s)),   C = 2εγ/(1 − γ)²,   ε = max |A^π|
 *
 * The bound is at most η(π̃) and equals it at π̃ = π, so η(π′) ≥ η(π). It is maximised over all policies that act alike
 * where they see the same, and exactly: with w(o, a) = Σ_{s: o(s) = o} d^π(s) A^π(s, a), each observation's best
 * distribution at a given divergence D is π̃(a) ∝ π(a)/(ν − w(a)), and D is where the multipliers sum to C. Actions
 * without probability get none. Where C = 0 it is greedy for w. (Schulman et al. 2015, algorithm 1.)
 *
 * @param mdp - A finite MDP.
 * @param policy - π, [S, A], alike in states of one observation.
 * @param options - What the policy sees, and a factor of the penalty.
 * @returns π′, a new array [S, A].
 * @throws OptionError or ShapeError naming what is wrong.
 */
export function minorantStep(mdp: FiniteMdp, policy: ArrayLike<number>, options: MinorantOptions = {}): Float64Array {
  requireObject("options", options);
  const scale = requireNumber("penaltyScale", options.penaltyScale ?? 1, { least: 0 });
  const advantages = policyAdvantages(mdp, policy);
  const { states, actions, gamma } = mdp;
  const observations = readObservations(mdp, policy, options.observations);
  const visitation = discountedVisitation(mdp, policy);
  const weights = new Float64Array(states * actions);
  const prior = new Float64Array(states * actions);
  for (let i = 0; i < weights.length; i++) {
    const s = Math.floor(i / actions);
    const place = observations[s] * actions + (i % actions);
    weights[place] += visitation[s] * advantages[i];
    prior[place] = policy[i];
  }
  const epsilon = advantages.reduce((most, a) => Math.max(most, Math.abs(a)), 0);
  const seen = maximizePenalizedLinear(weights, prior, actions, scale * improvementPenalty(epsilon, gamma));
  return Float64Array.from(policy, (_, i) => seen[observations[Math.floor(i / actions)] * actions + (i % actions)]);
}

/** What {@link minorantPolicyIteration} takes beside the process. */
export interface MinorantIterationOptions extends MinorantOptions {
  /** π of the first iteration, [S, A], alike in states of one observation. */
  readonly policy: ArrayLike<number>;
  /** How many steps to make, at least 0. */
  readonly iterations: number;
}

/**
 * Policy iteration by {@link minorantStep}: no step lowers the return,
 *
 *     η(π₀) ≤ η(π₁) ≤ η(π₂) ≤ …
 *
 * The steps are small, as C is large; it converges slowly. (Schulman et al. 2015, algorithm 1.)
 *
 * @param mdp - A finite MDP.
 * @param options - First policy, how many steps, and what {@link minorantStep} takes.
 * @returns The last policy, [S, A], and η before and after each step: iterations + 1 numbers.
 * @throws OptionError or ShapeError naming what is wrong.
 */
export function minorantPolicyIteration(
  mdp: FiniteMdp,
  options: MinorantIterationOptions,
): { readonly policy: Float64Array; readonly returns: readonly number[] } {
  requireObject("options", options);
  const iterations = requireInteger("iterations", options.iterations, { least: 0 });
  const returns = [policyReturn(mdp, options.policy)];
  let policy = Float64Array.from(options.policy);
  for (let k = 0; k < iterations; k++) {
    policy = Float64Array.from(minorantStep(mdp, policy, options));
    returns.push(policyReturn(mdp, policy));
  }
  return { policy, returns };
}

/** What is seen in each state; checks that the policy acts alike where it sees the same. */
function readObservations(
  { states, actions }: FiniteMdp,
  policy: ArrayLike<number>,
  observations: ArrayLike<number> | undefined,
): ArrayLike<number> {
  if (observations === undefined) return Int32Array.from({ length: states }, (_, s) => s);
  requireArray("observations", observations, states);
  const firstOf = new Map<number, number>();
  for (let s = 0; s < states; s++) {
    const seen = requireInteger(`observations[${s}]`, observations[s], { least: 0, below: states });
    const first = firstOf.get(seen) ?? s;
    firstOf.set(seen, first);
    for (let a = 0; a < actions; a++) {
      if (policy[s * actions + a] === policy[first * actions + a]) continue;
      const place = `policy at [${s}, ${a}]`;
      throw new OptionError(expectation(place, `${policy[first * actions + a]} as in state ${first}`, policy[s * actions + a]));
    }
  }
  return observations;
}

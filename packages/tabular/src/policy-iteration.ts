import { requireInteger, requireObject } from "@uphill/core-math";
import { actionValues } from "./bellman.js";
import type { FiniteMdp } from "./finite-mdp.js";
import { requireMdp, requirePolicy } from "./internal/require.js";
import { greedyPolicy } from "./policies.js";
import { policyValue } from "./policy-value.js";

/** Where {@link policyIteration} begins, and when it stops. */
export interface PolicyIterationOptions {
  /** π of the first iteration, [S, A]; greedy for the rewards alone by default. */
  readonly policy?: ArrayLike<number>;
  /** It stops after so many improvements; at least 0, without end by default. */
  readonly maxIterations?: number;
}

/** What {@link policyIteration} found. */
export interface PolicyIterationResult {
  /** π, [S, A]. */
  readonly policy: Float64Array;
  /** V^π, [S]: solved, not iterated. */
  readonly value: Float64Array;
  /** How often the policy was improved. */
  readonly iterations: number;
}

/**
 * An optimal policy by evaluating a policy exactly and improving it, until it stands:
 *
 *     V ← (I − γ P_π)⁻¹ r_π,   π(s) ← argmax_a Q(s, a),   Q = r + γ P V
 *
 * A state keeps its actions unless one is better than they are, so that the value falls in no state; it ends where the sum
 * of values does not rise either, which is where rounding alone is left. There are finitely many policies, so it ends.
 * (Howard 1960; Puterman 1994, section 6.4.)
 *
 * @param mdp - A finite MDP.
 * @param options - First policy, and the most iterations.
 * @returns The policy and its value: optimal, unless the iterations ran out.
 * @throws OptionError or ShapeError naming what is wrong.
 */
export function policyIteration(mdp: FiniteMdp, options: PolicyIterationOptions = {}): PolicyIterationResult {
  const { states } = requireMdp(mdp);
  requireObject("options", options);
  const most =
    options.maxIterations === undefined ? Infinity : requireInteger("maxIterations", options.maxIterations, { least: 0 });
  let policy = Float64Array.from(requirePolicy(mdp, options.policy ?? greedyPolicy(mdp, new Float64Array(states))));
  let value: Float64Array = policyValue(mdp, policy);
  let iterations = 0;
  while (iterations < most) {
    const better = improved(mdp, policy, value);
    const betterValue = policyValue(mdp, better);
    if (sum(betterValue) <= sum(value)) break;
    policy = better;
    value = betterValue;
    iterations++;
  }
  return { policy, value, iterations };
}

/** The policy with the best action in each state where that beats the policy's value. */
function improved(mdp: FiniteMdp, policy: Float64Array, value: Float64Array): Float64Array<ArrayBuffer> {
  const { states, actions } = mdp;
  const q = actionValues(mdp, value);
  const greedy = greedyPolicy(mdp, value);
  const better = Float64Array.from(policy);
  for (let s = 0; s < states; s++) {
    const row = greedy.subarray(s * actions, (s + 1) * actions);
    if (q[s * actions + row.indexOf(1)] > value[s]) better.set(row, s * actions);
  }
  return better;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

import type { FiniteMdp } from "./finite-mdp.js";
import { requirePolicy } from "./internal/require.js";

/**
 * The Markov chain that a policy makes of the process:
 *
 *     P_π(s′ | s) = Σ_a π(a | s) P(s′ | s, a)
 *
 * (Puterman 1994, section 5.6.)
 *
 * @param mdp - A finite MDP.
 * @param policy - π, [S, A].
 * @returns P_π, a new array [S, S]; its rows sum to 1.
 * @throws OptionError or ShapeError naming what is wrong.
 */
export function policyTransition(mdp: FiniteMdp, policy: ArrayLike<number>): Float64Array {
  requirePolicy(mdp, policy);
  const { states, actions, transition } = mdp;
  const chain = new Float64Array(states * states);
  for (let s = 0; s < states; s++) {
    for (let pair = s * actions; pair < (s + 1) * actions; pair++) {
      for (let next = 0; next < states; next++) chain[s * states + next] += policy[pair] * transition[pair * states + next];
    }
  }
  return chain;
}

/**
 * The mean reward of a step from each state:
 *
 *     r_π(s) = Σ_a π(a | s) r(s, a)
 *
 * (Puterman 1994, section 5.6.)
 *
 * @param mdp - A finite MDP.
 * @param policy - π, [S, A].
 * @returns r_π, a new array [S].
 * @throws OptionError or ShapeError naming what is wrong.
 */
export function policyReward(mdp: FiniteMdp, policy: ArrayLike<number>): Float64Array {
  requirePolicy(mdp, policy);
  const { states, actions, reward } = mdp;
  const mean = new Float64Array(states);
  for (let i = 0; i < reward.length; i++) mean[Math.floor(i / actions)] += policy[i] * reward[i];
  return mean;
}

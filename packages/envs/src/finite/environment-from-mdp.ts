import { expectation, OptionError, requireObject, requireString } from "@uphill/core-math";
import { finiteMdp, type FiniteMdp } from "@uphill/tabular";
import { finiteEnvironment, type FiniteEnvironmentDefinition, type FiniteEnvironmentTraits } from "./finite-environment.js";
import type { FiniteProblem, Outcome } from "./finite-problem.js";

/**
 * The environment that plays a finite Markov decision process: s ~ α at the start, then s′ ~ P(· | s, a), and the reward
 * is r(s, a).
 *
 * A state that every action leaves as it is, with reward 0, is an end: the step that enters it terminates. Where there is
 * none, episodes last until the time limit. γ takes no part: it is the algorithm's.
 *
 * @param traits - `id`, by which errors and saved files name it, and `maxEpisodeSteps` and `rewardThreshold` where there
 *   are any.
 * @param mdp - What `finiteMdp` or a world of `@uphill/tabular` made.
 * @returns The environment, with observations `[1]`; its `mdp(gamma)` is the process with that γ.
 * @throws OptionError where `id` is no string, or `mdp` is no process.
 */
export function environmentFromMdp(traits: FiniteEnvironmentTraits, mdp: FiniteMdp): FiniteEnvironmentDefinition {
  requireString("id", requireObject("traits", traits)["id"]);
  if (typeof mdp !== "object" || mdp === null || !(mdp.transition instanceof Float64Array)) {
    throw new OptionError(expectation("mdp", "what finiteMdp of @uphill/tabular returns", mdp));
  }
  const { states, actions, transition, reward, initial } = finiteMdp(mdp);
  return {
    ...finiteEnvironment(traits, problemOf(mdp)),
    mdp: (gamma) => finiteMdp({ states, actions, transition, reward, initial, gamma }),
  };
}

function problemOf(mdp: FiniteMdp): FiniteProblem {
  const { states, actions, initial } = mdp;
  const ends = Array.from({ length: states }, (_, state) => isEnd(mdp, state));
  const outcomes = (state: number, action: number): readonly Outcome[] => {
    const pair = state * actions + action;
    const row = mdp.transition.subarray(pair * states, (pair + 1) * states);
    const reward = mdp.reward[pair];
    return Array.from(row, (probability, next) => ({ probability, next, reward, terminated: ends[next] })).filter(
      ({ probability }) => probability > 0,
    );
  };
  return { states, actions, initial, outcomes };
}

function isEnd({ states, actions, transition, reward }: FiniteMdp, state: number): boolean {
  for (let pair = state * actions; pair < (state + 1) * actions; pair++) {
    if (transition[pair * states + state] !== 1 || reward[pair] !== 0) return false;
  }
  return true;
}

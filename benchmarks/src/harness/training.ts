import type { EnvironmentDefinition } from "@uphill/envs";
import type { Agent } from "@uphill/training";
import type { Contender } from "./contender.js";

/** Makes an agent, as the algorithms' own functions do. */
export type AgentOf<S> = (options: S & { readonly env: EnvironmentDefinition; readonly seed: number }) => Agent;

/**
 * Uphill's training as a contender: microseconds a step. Each turn has a new agent, and the compilation of its programs
 * counts.
 */
export function trainingContender<S>(make: AgentOf<S>, env: EnvironmentDefinition, settings: S, steps: number): Contender {
  return {
    name: "Uphill",
    run: async (_, round) => {
      const start = performance.now();
      const agent = make({ ...settings, env, seed: round });
      for await (const { steps: taken } of agent.train({ steps })) if (taken >= steps) break;
      agent.close();
      return (1e3 * (performance.now() - start)) / steps;
    },
  };
}

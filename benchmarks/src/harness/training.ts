import type { EnvironmentDefinition } from "@uphill/envs";
import type { Agent } from "@uphill/training";
import type { Contender } from "./contender.js";

/** Makes an agent, as the algorithms' own functions do. */
export type AgentOf<S> = (options: S & { readonly env: EnvironmentDefinition; readonly seed: number }) => Agent;

/**
 * Uphill's training as a contender: microseconds a step. As the peers' do, the agent is there before the clock starts, and
 * trains on from turn to turn.
 */
export function trainingContender<S>(make: AgentOf<S>, env: EnvironmentDefinition, settings: S, steps: number): Contender {
  let agent: Agent | undefined;
  return {
    name: "Uphill",
    run: async () => {
      agent ??= make({ ...settings, env, seed: 0 });
      const before = agent.steps;
      const start = performance.now();
      for await (const { steps: taken } of agent.train({ steps })) if (taken >= before + steps) break;
      return (1e3 * (performance.now() - start)) / (agent.steps - before);
    },
    close: () => agent?.close(),
  };
}

import type { FiniteMdp } from "@uphill/tabular";
import { describe, expect, test } from "vitest";
import type { FiniteEnvironmentDefinition } from "../src/finite/finite-environment.js";
import { makeVectorEnvironment } from "../src/make.js";
import { environmentContract } from "./environment-contract.js";
import { expectAtMost } from "./expect-same.js";

/** What every environment with finitely many states must do. */
export function finiteContract(definition: FiniteEnvironmentDefinition): void {
  environmentContract(definition);
  processContract(definition);
}

/** What it must do besides what every environment does, and all that its variants can break: it plays its process. */
export function processContract(definition: FiniteEnvironmentDefinition): void {
  describe(`the process behind ${definition.id}`, () => {
    test("has the states and actions of the environment", () => {
      const { states, actions } = definition.mdp(0.9);
      const { observationSpace, actionSpace } = definition.make();
      expect([states, actions]).toEqual([definition.states, actionSpace.n]);
      expect([...observationSpace.low, ...observationSpace.high]).toEqual([0, states - 1]);
    });

    test("gives each step seen a probability, the mean reward, and ends that nothing leaves", () => {
      const mdp = definition.mdp(0.9);
      const { transition, reward, states, actions, initial } = mdp;
      const count = 64;
      const vector = makeVectorEnvironment(definition, count);
      vector.reset({ seed: 0 });
      const [visits, earned] = [new Float64Array(states * actions), new Float64Array(states * actions)];
      const wrong: string[] = [];
      let largest = 0;
      for (let t = 0; t < 600; t++) {
        const from = vector.observations.slice();
        const chosen = Int32Array.from(from, (_, i) => (t * 7 + i * 3 + ((t * i) % 5)) % actions);
        vector.step(chosen);
        for (let i = 0; i < count; i++) {
          const pair = from[i] * actions + chosen[i];
          const ended = vector.terminated[i] === 1;
          const to = ended || vector.truncated[i] === 1 ? vector.finalObservations[i] : vector.observations[i];
          if (!(transition[pair * states + to] > 0)) wrong.push(`impossible: ${from[i]} → ${to} by ${chosen[i]}`);
          visits[pair] += 1;
          earned[pair] += vector.rewards[i];
          largest = Math.max(largest, Math.abs(vector.rewards[i]));
          if (!ended) continue;
          if (!stays(mdp, to)) wrong.push(`no end: ${to}`);
          if (!(initial[vector.observations[i]] > 0)) wrong.push(`no start: ${vector.observations[i]}`);
        }
      }
      expect(wrong).toEqual([]);
      for (let pair = 0; pair < visits.length; pair++) {
        if (visits[pair] < 100) continue;
        // Rewards lie in ±largest: six standard deviations of a mean of such.
        const spread = 6 * largest * Math.sqrt(1 / visits[pair]);
        expectAtMost(Math.abs(earned[pair] / visits[pair] - reward[pair]), spread);
      }
    });
  });
}

/** Whether a state leads to itself and to nothing else, for no reward. */
function stays({ transition, reward, states, actions }: FiniteMdp, state: number): boolean {
  return Array.from({ length: actions }, (_, a) => state * actions + a).every(
    (pair) => transition[pair * states + state] === 1 && reward[pair] === 0,
  );
}

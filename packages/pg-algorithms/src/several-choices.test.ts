import { Random } from "@uphill/core-math";
import { flatBox, flattenPoint, multiBinary, multiDiscrete } from "@uphill/envs";
import type { Environment, EnvironmentDefinition, MultiBinary, MultiDiscrete, Step } from "@uphill/envs";
import { evaluatePolicy } from "@uphill/training";
import { expect, test } from "vitest";
import { ppo } from "./ppo.js";

type Choices = MultiDiscrete | MultiBinary;

/** Shows what to choose: each choice that is right pays its part of 1. An episode has ten of them. */
class Locks<A extends Choices> implements Environment<A> {
  readonly observationSpace;
  #random = new Random(0);
  #shown: Int32Array;
  #steps = 0;

  constructor(readonly actionSpace: A) {
    this.observationSpace = flatBox(actionSpace);
    this.#shown = new Int32Array(actionSpace.size);
  }

  reset({ seed }: { seed?: number } = {}): Float32Array {
    if (seed !== undefined) this.#random = new Random(seed);
    this.#steps = 0;
    return this.#show();
  }

  step(action: Int32Array): Step {
    const right = action.filter((choice, axis) => choice === this.#shown[axis]).length;
    const terminated = ++this.#steps === 10;
    return { observation: this.#show(), reward: right / action.length, terminated, truncated: false };
  }

  #show(): Float32Array {
    this.#shown = this.actionSpace.sample(this.#random);
    return flattenPoint<Int32Array>(this.actionSpace, this.#shown);
  }
}

const settings = { environments: 8, rolloutSteps: 32, minibatchSize: 64, epochs: 5, hiddenWidths: [16], gamma: 0, learningRate: 0.01 };

test.each<{ actionSpace: Choices; byChance: number }>([
  { actionSpace: multiDiscrete([3, 2, 4]), byChance: 10 * ((1 / 3 + 1 / 2 + 1 / 4) / 3) },
  { actionSpace: multiBinary(3), byChance: 5 },
])("PPO learns several choices at once: $actionSpace.kind", async ({ actionSpace, byChance }) => {
  const env: EnvironmentDefinition<Choices> = { id: "Locks-v0", make: () => new Locks(actionSpace) };
  const agent = ppo({ ...settings, env, seed: 1 });
  const before = await evaluatePolicy(agent.policy, env, { episodes: 50, random: new Random(2) });
  expect(before.meanReturn).toBeLessThan(byChance + 1);
  for await (const _ of agent.train({ steps: 8_000 })) continue;
  const { meanReturn } = await evaluatePolicy(agent.policy, env, { episodes: 20 });
  expect(meanReturn).toBeGreaterThan(9);
  const point = new Locks(actionSpace).reset({ seed: 3 });
  expect(actionSpace.contains(agent.policy.act(point, { random: new Random(1) }))).toBe(true);
  agent.close();
});

import { OptionError } from "@uphill/core-math";
import { cartPole } from "@uphill/envs";
import { evaluatePolicy } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { describeAgent } from "../../training/test/agent-contract.js";
import { bandit, target, trained, weights } from "../../training/test/agents.js";
import { actorCritic, actorCriticAlgorithm, resumeActorCritic } from "./index.js";
import type { ActorCriticSettings } from "./index.js";

const small: ActorCriticSettings = { environments: 4, updatesPerReport: 16, hiddenWidths: [8] };
const traced: ActorCriticSettings = { lambda: 0.9, updatesPerReport: 64, hiddenWidths: [8] };

describe("learning", () => {
  test("CartPole, from nothing to several times a random policy's return", async () => {
    const agent = actorCritic({ env: cartPole, seed: 3, lambda: 0.9, hiddenWidths: [32] });
    await trained(agent, 20_000);
    expect((await evaluatePolicy(agent.policy, cartPole, { episodes: 20, seed: 1000 })).meanReturn).toBeGreaterThan(60);
  });

  test("a bandit's better arm", async () => {
    const agent = actorCritic({ env: bandit(), ...small, learningRate: 0.01 });
    await trained(agent, 2_000);
    expect(agent.policy.act([0])).toBe(1);
  });

  test("a continuous action within its bounds", async () => {
    const settings = { ...traced, learningRate: 1e-3, initialLogStandardDeviation: -1 };
    const agent = actorCritic({ env: target, ...settings });
    await trained(agent, 8_000);
    const [action] = agent.policy.act([0]);
    expect(action).toBeGreaterThan(0.5);
    expect(action).toBeLessThan(0.9);
  });
});

describe("laws", () => {
  test("a trace adds up what rises along it, each step discounted by γλ", async () => {
    const agent = actorCritic({ env: cartPole, ...traced, gamma: 0.8, learningRate: 0, valueLearningRate: 0, updatesPerReport: 1 });
    const trace = agent.policy.store.find("trace/value/output/bias")!;
    let sum = 0;
    // V rises by 1 with the last layer's bias, in every state; an episode takes at least 8 steps.
    for await (const _ of agent.train({ steps: 7 })) {
      sum = 0.8 * 0.9 * sum + 1;
      expect(agent.policy.store.read(trace)[0]).toBeCloseTo(sum, 5);
    }
  });

  test("where every episode is one step long, traces change nothing", async () => {
    const [without, within] = [0, 0.9].map((lambda) => actorCritic({ env: bandit(), ...traced, lambda }));
    for (const agent of [without, within]) await trained(agent, 200);
    for (const variable of without.policy.store.variables()) {
      const same = within.policy.store.find(variable.name)!;
      const values = within.policy.store.read(same);
      without.policy.store.read(variable).forEach((value, i) => expect(values[i]).toBeCloseTo(value, 6));
    }
    for (const variable of within.policy.store.variables()) {
      if (variable.name.startsWith("trace/")) expect(within.policy.store.read(variable).every((value) => value === 0)).toBe(true);
    }
  });

  test("with traces too, stopped, stored and resumed is as never stopped", async () => {
    const whole = actorCritic({ env: cartPole, ...traced, seed: 5 });
    await trained(whole, 300);
    const first = actorCritic({ env: cartPole, ...traced, seed: 5 });
    for await (const { iteration } of first.train({ steps: 300 })) if (iteration === 2) break;
    const second = resumeActorCritic(first.checkpoint(), cartPole);
    await trained(second);
    expect(weights(second.policy.store)).toEqual(weights(whole.policy.store));
  });

  test("entropy's weight keeps a policy undecided, with traces or without", async () => {
    for (const lambda of [0, 0.9]) {
      const agent = actorCritic({ env: bandit(), ...traced, lambda, learningRate: 0.01, entropyWeight: 10 });
      expect((await trained(agent, 2_000)).at(-1)!.entropy).toBeGreaterThan(0.99 * Math.LN2);
    }
  });
});

describeAgent(actorCriticAlgorithm, { ...small, learningRate: { linear: [1e-3, 0] } });

describe("errors", () => {
  test.each<[string, object, string]>([
    ["traces over several environments", { lambda: 0.9, environments: 8 }, "lambda: expected 0 with 8 environments"],
    ["a rollout's length", { rolloutSteps: 5 }, "rolloutSteps"],
    ["a value learning rate of −1", { valueLearningRate: -1 }, "valueLearningRate"],
  ])("%s", (_, options, message) => {
    expect(() => actorCritic({ env: cartPole, ...options })).toThrow(OptionError);
    expect(() => actorCritic({ env: cartPole, ...options })).toThrow(message);
  });

  test("a step that overflows names the quantity, and keeps the last weights", async () => {
    const agent = actorCritic({ env: bandit(() => 1e30), ...small });
    const before = weights(agent.policy.store);
    await expect(trained(agent, 64)).rejects.toThrow(/actor-critic: expected finite losses.* valueLoss Infinity/);
    expect(weights(agent.policy.store)).toEqual(before);
  });
});

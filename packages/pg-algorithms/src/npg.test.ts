import { OptionError } from "@uphill/core-math";
import { cartPole, pendulum } from "@uphill/envs";
import type { EnvironmentDefinition } from "@uphill/envs";
import { evaluatePolicy } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { describeAgent } from "../../training/test/agent-contract.js";
import { bandit, target, trained, weights } from "../../training/test/agents.js";
import { npg, npgAlgorithm } from "./index.js";
import type { NpgSettings } from "./index.js";

const small: NpgSettings = { environments: 4, rolloutSteps: 16, valueMinibatchSize: 32, valueEpochs: 2, hiddenWidths: [8] };

describe("learning", () => {
  test("CartPole, from nothing to several times a random policy's return", async () => {
    const agent = npg({ env: cartPole, seed: 3, environments: 8, rolloutSteps: 64, hiddenWidths: [32], klRadius: 0.02 });
    await trained(agent, 12_000);
    // A random policy gets 22; this seed reaches more than 300.
    expect((await evaluatePolicy(agent.policy, cartPole, { episodes: 20, seed: 1000 })).meanReturn).toBeGreaterThan(100);
  });

  test("a bandit's better arm, with an exact Fisher matrix", async () => {
    const agent = npg({ env: bandit(), ...small, exactFisher: true });
    await trained(agent, 2_000);
    expect(agent.policy.act([0])).toBe(1);
  });

  test("a continuous action within its bounds", async () => {
    const agent = npg({ env: target, ...small, initialLogStandardDeviation: -1 });
    await trained(agent, 8_000);
    const [action] = agent.policy.act([0]);
    expect(action).toBeGreaterThan(0.5);
    expect(action).toBeLessThan(0.9);
  });
});

describe("laws", () => {
  test.each([cartPole, pendulum] as EnvironmentDefinition[])("$id: a small step has the divergence asked for", async (env) => {
    const agent = npg({ env, ...small, seed: 2, klRadius: 1e-4, damping: 1e-6, hiddenWidths: [] });
    for (const { klNats } of await trained(agent, 5 * 64)) {
      // To second order: the next term is of the size of the step, √δ; and float32 divergences have an error of some 1e-8.
      expect(Math.abs(klNats / 1e-4 - 1)).toBeLessThan(0.05);
    }
  });

  test.each([cartPole, pendulum] as EnvironmentDefinition[])("$id: conjugate gradients step where the exact matrix does", async (env) => {
    const step = async (settings: NpgSettings) => {
      const agent = npg({ env, ...small, seed: 2, damping: 0.1, ...settings });
      const { store } = agent.policy;
      const policy = () => store.variables().filter(({ name }) => name.startsWith("policy/")).flatMap((one) => [...store.read(one)]);
      const before = policy();
      await trained(agent, 64);
      return policy().map((now, i) => now - before[i]);
    };
    const exact = await step({ exactFisher: true });
    const solved = await step({ conjugateGradientSteps: 100 });
    const largest = Math.max(...exact.map(Math.abs));
    expect(largest).toBeGreaterThan(1e-3);
    // Products are float32: 1e-6 of them, over a damping of a tenth.
    exact.forEach((element, i) => expect(Math.abs(solved[i] - element)).toBeLessThan(1e-4 * largest));
  });

  test("where no action is better than another, the policy stays as it is", async () => {
    const agent = npg({ env: bandit(() => 1), ...small, normalizeAdvantages: true, valueLearningRate: 0 });
    const [report] = await trained(agent, 64);
    expect(report.klNats).toBe(0);
    expect(report.gradientNorm).toBe(0);
  });
});

describeAgent(npgAlgorithm, small);

describe("errors", () => {
  test.each<[string, object, string]>([
    ["a radius of 0", { klRadius: 0 }, "klRadius"],
    ["no steps of conjugate gradients", { conjugateGradientSteps: 0 }, "conjugateGradientSteps"],
    ["a minibatch larger than the rollout", { environments: 1, rolloutSteps: 8, valueMinibatchSize: 9 }, "valueMinibatchSize: expected at most environments · rolloutSteps = 8, got 9"],
    ["an exact matrix for a large policy", { exactFisher: true }, "exactFisher: expected a policy of at most 1024 parameters, got 4610"],
  ])("%s", (_, options, message) => {
    expect(() => npg({ env: cartPole, ...options })).toThrow(OptionError);
    expect(() => npg({ env: cartPole, ...options })).toThrow(message);
  });

  test("a gradient that overflows names the quantity and the step, and keeps the last weights", async () => {
    const agent = npg({ env: bandit((action) => (2 * action - 1) * 3e38), ...small, normalizeAdvantages: false });
    const before = weights(agent.policy.store);
    await expect(trained(agent, 64)).rejects.toThrow(/npg: expected finite .* gradientNorm Infinity.*after step 0/);
    expect(weights(agent.policy.store)).toEqual(before);
  });
});

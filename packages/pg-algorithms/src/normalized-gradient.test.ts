import { OptionError } from "@uphill/core-math";
import { cartPole, pendulum } from "@uphill/envs";
import type { EnvironmentDefinition } from "@uphill/envs";
import { evaluatePolicy } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { describeAgent } from "../../training/test/agent-contract.js";
import { bandit, trained, weights } from "../../training/test/agents.js";
import { normalizedGradient, normalizedGradientAlgorithm, npg } from "./index.js";
import type { NormalizedGradientSettings } from "./index.js";

const small: NormalizedGradientSettings = {
  environments: 4, rolloutSteps: 16, valueMinibatchSize: 32, valueEpochs: 2, hiddenWidths: [8],
};

/** What a step does to each of the policy's parameters. */
async function firstStep(env: EnvironmentDefinition, settings: NormalizedGradientSettings, budget = 64) {
  const agent = normalizedGradient({ env, ...small, seed: 2, ...settings });
  const { store } = agent.policy;
  const policy = () => store.variables().filter(({ name }) => name.startsWith("policy/")).flatMap((one) => [...store.read(one)]);
  const before = policy();
  await trained(agent, budget);
  return policy().map((now, i) => now - before[i]);
}

describe("learning", () => {
  test("CartPole, from nothing to several times a random policy's return", async () => {
    const agent = normalizedGradient({
      env: cartPole, seed: 3, environments: 8, rolloutSteps: 64, hiddenWidths: [32], stepLength: { linear: [0.3, 0] },
    });
    await trained(agent, 16_000);
    // A random policy gets 22.
    expect((await evaluatePolicy(agent.policy, cartPole, { episodes: 20, seed: 1000 })).meanReturn).toBeGreaterThan(100);
  });

  test("a bandit's better arm", async () => {
    const agent = normalizedGradient({ env: bandit(), ...small });
    await trained(agent, 2_000);
    expect(agent.policy.act([0])).toBe(1);
  });
});

describe("laws", () => {
  test.each([cartPole, pendulum] as EnvironmentDefinition[])("$id: steps have the length asked for, rewards of any scale", async (env) => {
    for (const stepLength of [0.01, 0.1, 1]) {
      for (const normalizeAdvantages of [true, false]) {
        const step = await firstStep(env, { stepLength, normalizeAdvantages });
        // Weights are float32, of a size of about 1: their differences have an error of some 1e-7 each.
        expect(Math.abs(Math.hypot(...step) - stepLength)).toBeLessThan(1e-5);
      }
    }
  });

  test("a shorter step goes the same way", async () => {
    const [long, short] = [await firstStep(cartPole, { stepLength: 0.1 }), await firstStep(cartPole, { stepLength: 0.01 })];
    long.forEach((element, i) => expect(Math.abs(element - 10 * short[i])).toBeLessThan(1e-5));
  });

  test("a schedule shortens steps over the budget", async () => {
    const agent = normalizedGradient({ env: cartPole, ...small, stepLength: { linear: [0.4, 0] } });
    const lengths = (await trained(agent, 4 * 64)).map(({ stepLength }) => stepLength);
    lengths.forEach((length, i) => expect(length).toBeCloseTo(0.4 - 0.1 * i, 12));
  });

  test("one length is many divergences, as the policy's spread has it; a natural step has one", async () => {
    const divergence = async (make: typeof normalizedGradient | typeof npg, initialLogStandardDeviation: number) => {
      const agent = make({ env: pendulum, ...small, seed: 1, initialLogStandardDeviation });
      return (await trained(agent, 64))[0].klNats;
    };
    // KL is (Δμ/σ)²/2: e⁶ = 403 times as much at σ = e⁻³.
    expect(await divergence(normalizedGradient, -3)).toBeGreaterThan(100 * (await divergence(normalizedGradient, 0)));
    const ratio = (await divergence(npg, -3)) / (await divergence(npg, 0));
    expect(ratio).toBeGreaterThan(1 / 3);
    expect(ratio).toBeLessThan(3);
  });

  test("where no action is better than another, the policy stays as it is", async () => {
    const agent = normalizedGradient({ env: bandit(() => 1), ...small, valueLearningRate: 0 });
    const [report] = await trained(agent, 64);
    expect(report).toMatchObject({ klNats: 0, gradientNorm: 0 });
  });
});

describeAgent(normalizedGradientAlgorithm, small);

describe("errors", () => {
  test.each<[string, object, string]>([
    ["a length of −1", { stepLength: -1 }, "stepLength"],
    ["a minibatch larger than the rollout", { environments: 1, rolloutSteps: 8, valueMinibatchSize: 9 }, "valueMinibatchSize: expected at most environments · rolloutSteps = 8, got 9"],
  ])("%s", (_, options, message) => {
    expect(() => normalizedGradient({ env: cartPole, ...options })).toThrow(OptionError);
    expect(() => normalizedGradient({ env: cartPole, ...options })).toThrow(message);
  });

  test("a gradient that overflows names the quantity and the step, and keeps the last weights", async () => {
    const env = bandit((action) => (2 * action - 1) * 3e38);
    const agent = normalizedGradient({ env, ...small, normalizeAdvantages: false });
    const before = weights(agent.policy.store);
    await expect(trained(agent, 64)).rejects.toThrow(/normalized-gradient: expected finite .* gradientNorm Infinity.*after step 0/);
    expect(weights(agent.policy.store)).toEqual(before);
  });
});

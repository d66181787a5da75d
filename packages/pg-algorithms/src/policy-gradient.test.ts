import { OptionError } from "@uphill/core-math";
import { box, cartPole, discrete } from "@uphill/envs";
import type { Discrete, Environment } from "@uphill/envs";
import { evaluatePolicy } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { describeAgent } from "../../training/test/agent-contract.js";
import { target, trained, weights } from "../../training/test/agents.js";
import { policyGradient, policyGradientAlgorithm, resumePolicyGradient } from "./index.js";
import type { PolicyGradientSettings } from "./index.js";

const small: PolicyGradientSettings = { environments: 4, rolloutSteps: 16, valueMinibatchSize: 32, valueEpochs: 2, hiddenWidths: [8] };
const whole: PolicyGradientSettings = { ...small, wholeEpisodes: true, rolloutSteps: 64 };

/** Episodes of a fixed length, which end or are cut off; a step earns 1, and 1 more where its action is 1 and that is worth something. */
function march(length: number, ending: "terminated" | "truncated" = "terminated", worth = 0): () => Environment<Discrete> {
  return () => {
    let step = 0;
    return {
      observationSpace: box({ low: 0, high: 1000, shape: [1] }),
      actionSpace: discrete(2),
      reset: () => ((step = 0), Float32Array.of(0)),
      step(action) {
        const flags = { terminated: false, truncated: false, [ending]: ++step === length };
        return { observation: Float32Array.of(step / length), reward: 1 + worth * action, ...flags };
      },
    };
  };
}

describe("learning", () => {
  test("CartPole, from nothing to several times a random policy's return", async () => {
    const settings: PolicyGradientSettings = { environments: 8, rolloutSteps: 64, minibatchSize: 128, learningRate: 3e-3, hiddenWidths: [32] };
    const agent = policyGradient({ env: cartPole, seed: 3, ...settings });
    await trained(agent, 20_000);
    // A random policy gets 22; this seed reaches more than 150.
    expect((await evaluatePolicy(agent.policy, cartPole, { episodes: 20, seed: 1000 })).meanReturn).toBeGreaterThan(80);
  });

  test.each<[string, PolicyGradientSettings]>([
    ["episode by episode", { ...whole, environments: 1, lambda: 1 }],
    ["by an episode in each of four environments", { ...whole, lambda: 1 }],
    ["from rollouts, with generalised advantages", {}],
    ["in minibatches, two epochs of the policy and one of the value function", { minibatchSize: 16, policyEpochs: 2, valueEpochs: 1 }],
  ])("%s, the better of two actions", async (_, settings) => {
    const agent = policyGradient({ env: march(5, "terminated", 1), ...small, learningRate: 0.02, ...settings });
    const { meanReturn } = (await trained(agent, 6_000)).at(-1)!;
    // 7.5 at first, 10 at best.
    expect(meanReturn).toBeGreaterThan(9);
  });

  test("a continuous action within its bounds", async () => {
    const learningRate = { linear: [0.02, 0] } as const;
    const settings: PolicyGradientSettings = { environments: 8, learningRate, gamma: 0.9, initialLogStandardDeviation: -1 };
    const agent = policyGradient({ env: target, ...small, ...settings });
    await trained(agent, 16_000);
    const [action] = agent.policy.act([0]);
    expect(action).toBeGreaterThan(0.5);
    expect(action).toBeLessThan(0.9);
  });
});

describe("laws", () => {
  // Rewards of 1, and values of a network that is linear and starts at V(s) = w s: w is ±1, as an orthogonal 1 × 1 kernel is.
  const valueOf = async (settings: PolicyGradientSettings, ending: "terminated" | "truncated") => {
    const agent = policyGradient({ env: march(4, ending), ...small, environments: 1, normalizeAdvantages: false, hiddenWidths: [], ...settings });
    const [{ policyLoss, valueLoss }] = await trained(agent, 4);
    const kernel = agent.policy.store.variables().find(({ name }) => name === "value/output/kernel")!;
    return { loss: policyLoss / Math.LN2, valueLoss, w: kernel.initial[0] };
  };

  test.each<[string, PolicyGradientSettings, "terminated" | "truncated", (w: number) => number]>([
    // Returns 4, 3, 2, 1 less w (0, ¼, ½, ¾).
    ["λ = 1 of an episode that ended: returns less values", { lambda: 1 }, "terminated", (w) => (10 - 1.5 * w) / 4],
    // w, what the cut left to earn, is added to each return.
    ["λ = 1 of an episode that was cut: V of its end stands for the rest", { lambda: 1 }, "truncated", (w) => (10 + 4 * w - 1.5 * w) / 4],
    // V(s′) is w (¼, ½, ¾) and nothing at the end.
    ["λ = 0 at γ = ½: 1 + V(s′)/2 − V(s)", { lambda: 0, gamma: 0.5 }, "terminated", (w) => (4 + 1.5 * w / 2 - 1.5 * w) / 4],
  ])("by hand: %s", async (_, settings, ending, expected) => {
    for (const wholeEpisodes of [false, true]) {
      const { loss, w } = await valueOf({ gamma: 1, wholeEpisodes, rolloutSteps: wholeEpisodes ? 32 : 4, valueMinibatchSize: 4, ...settings }, ending);
      expect(Math.abs(w)).toBeCloseTo(1, 6);
      // The first policy is nearly uniform: −log π is log 2 up to a hundredth.
      expect(Math.abs(loss - expected(w))).toBeLessThan(0.05);
    }
  });

  test("by hand: the value function is to learn advantages and old values, which at λ = 1 are the returns", async () => {
    const { valueLoss, w } = await valueOf({ gamma: 1, lambda: 1, rolloutSteps: 4, valueMinibatchSize: 4, valueEpochs: 1 }, "terminated");
    const errors = [4, 3, 2, 1].map((episodeReturn, step) => episodeReturn - (w * step) / 4);
    expect(valueLoss).toBeCloseTo(errors.reduce((sum, error) => sum + error ** 2, 0) / 4, 4);
  });

  test("an iteration is T steps of each environment, or an episode in each", async () => {
    const counts = async (settings: PolicyGradientSettings, budget: number) =>
      (await trained(policyGradient({ env: march(7), ...small, ...settings }), budget)).map(({ steps, episodes }) => [steps, episodes]);
    expect(await counts({}, 192)).toEqual([[64, 8], [128, 16], [192, 24]]);
    expect(await counts(whole, 84)).toEqual([[28, 4], [56, 8], [84, 12]]);
  });

  test("more steps of the policy on the same data lead farther", async () => {
    const kl = async (settings: PolicyGradientSettings) =>
      (await trained(policyGradient({ env: cartPole, ...small, learningRate: 0.01, ...settings }), 64))[0].klNats;
    const once = await kl({});
    expect(once).toBeGreaterThan(1e-6);
    expect(await kl({ policyEpochs: 4 })).toBeGreaterThan(4 * once);
    expect(await kl({ minibatchSize: 8 })).toBeGreaterThan(4 * once);
  });

  test("epochs of the value function leave the policy's step as it is, and the other way round", async () => {
    const learned = async (settings: PolicyGradientSettings, part: string) => {
      const agent = policyGradient({ env: cartPole, ...small, ...settings });
      await trained(agent, 64);
      const { store } = agent.policy;
      return store.variables().filter(({ name }) => name.startsWith(part)).map((variable) => [...store.read(variable)]);
    };
    expect(await learned({ valueEpochs: 7 }, "policy/")).toEqual(await learned({ valueEpochs: 1 }, "policy/"));
    expect(await learned({ valueEpochs: 7 }, "value/")).not.toEqual(await learned({ valueEpochs: 1 }, "value/"));
    expect(await learned({ learningRate: 0.1 }, "value/")).toEqual(await learned({}, "value/"));
  });

  test("by whole episodes, stopped, stored and resumed is as never stopped", async () => {
    const agent = policyGradient({ env: cartPole, ...whole, rolloutSteps: 256 });
    await trained(agent, 800);
    const first = policyGradient({ env: cartPole, ...whole, rolloutSteps: 256 });
    for await (const { iteration } of first.train({ steps: 800 })) if (iteration === 2) break;
    const second = resumePolicyGradient(first.checkpoint(), cartPole);
    await trained(second);
    expect(weights(second.policy.store)).toEqual(weights(agent.policy.store));
  });

  test("a budget that ends within an episode learns nothing from it, where whole ones are asked for", async () => {
    const agent = policyGradient({ env: march(7), ...whole });
    await trained(agent, 28);
    const before = weights(agent.policy.store);
    const [report] = await trained(agent, 12);
    expect(report).toMatchObject({ steps: 40, policyLoss: NaN, valueLoss: NaN });
    expect(weights(agent.policy.store)).toEqual(before);
  });
});

describeAgent(policyGradientAlgorithm, small);

describe("errors", () => {
  test.each<[string, object, string]>([
    ["a minibatch larger than the rollout", { rolloutSteps: 8, minibatchSize: 9 }, "minibatchSize: expected at most environments · rolloutSteps = 8, got 9"],
    ["one of the value function", { rolloutSteps: 8 }, "valueMinibatchSize: expected at most environments · rolloutSteps = 8, got 128"],
    ["λ of 1.5", { lambda: 1.5 }, "lambda"],
    ["no epochs", { policyEpochs: 0 }, "policyEpochs"],
  ])("%s", (_, options, message) => {
    expect(() => policyGradient({ env: cartPole, ...options })).toThrow(OptionError);
    expect(() => policyGradient({ env: cartPole, ...options })).toThrow(message);
  });

  test("episodes that do not end", async () => {
    const agent = policyGradient({ env: march(100), ...whole, rolloutSteps: 50 });
    await expect(trained(agent, 1000)).rejects.toThrow("rolloutSteps: expected episodes that end within 50 steps, got none that does");
  });
});

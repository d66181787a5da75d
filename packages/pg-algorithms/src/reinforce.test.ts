import { NumericalError, OptionError } from "@uphill/core-math";
import { box, cartPole, discrete } from "@uphill/envs";
import type { Discrete, Environment } from "@uphill/envs";
import { evaluatePolicy } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { describeAgent } from "../../training/test/agent-contract.js";
import { bandit, target, trained, weights } from "../../training/test/agents.js";
import { reinforce, reinforceAlgorithm } from "./index.js";
import type { ReinforceSettings } from "./index.js";

const small: ReinforceSettings = { environments: 4, rolloutSteps: 256, valueMinibatchSize: 32, valueEpochs: 2, hiddenWidths: [8] };

/** Episodes of a fixed length; a step earns the bonus and what its action is worth. */
function march(length: number, bonus = 0, worth = 1): () => Environment<Discrete> {
  return () => {
    let step = 0;
    return {
      observationSpace: box({ low: 0, high: 1000, shape: [1] }),
      actionSpace: discrete(2),
      reset: () => ((step = 0), Float32Array.of(0)),
      step: (action) => {
        step++;
        const reward = worth * action + bonus;
        return { observation: Float32Array.of(step / length), reward, terminated: step === length, truncated: false };
      },
    };
  };
}

describe("learning", () => {
  test("CartPole, from nothing to several times a random policy's return", async () => {
    const agent = reinforce({ env: cartPole, seed: 3, hiddenWidths: [32], learningRate: 0.01, valueLearningRate: 0.01 });
    await trained(agent, 30_000);
    // A random policy gets 22; this seed reaches more than 200.
    expect((await evaluatePolicy(agent.policy, cartPole, { episodes: 20, seed: 1000 })).meanReturn).toBeGreaterThan(80);
  });

  test.each([null, "constant", "time", "value"] as const)("with the baseline %s, the better of two actions", async (baseline) => {
    for (const refinements of [{}, { rewardToGo: false, discountedStates: true, normalizeAdvantages: false }]) {
      const agent = reinforce({ env: march(5), ...small, environments: 16, learningRate: 0.02, baseline, ...refinements });
      const { meanReturn } = (await trained(agent, 8_000)).at(-1)!;
      // 2.5 at first, 5 at best.
      expect(meanReturn).toBeGreaterThan(4.5);
    }
  });

  test("a continuous action within its bounds", async () => {
    const settings: ReinforceSettings = { environments: 32, learningRate: 0.01, initialLogStandardDeviation: -1 };
    const agent = reinforce({ env: target, ...small, ...settings });
    await trained(agent, 16_000);
    const [action] = agent.policy.act([0]);
    expect(action).toBeGreaterThan(0.5);
    expect(action).toBeLessThan(0.9);
  });
});

describe("laws", () => {
  test.each<[string, ReinforceSettings, number]>([
    // Rewards to go at γ = ½ are 1.5, 1 and 1.875, 1.75, 1.5, 1.
    ["rewards to go", { gamma: 0.5, baseline: null }, (1.5 + 1 + 1.875 + 1.75 + 1.5 + 1) / 6],
    ["returns of whole episodes", { gamma: 0.5, baseline: null, rewardToGo: false }, (2 * 1.5 + 4 * 1.875) / 6],
    ["discounted states", { gamma: 0.5, baseline: null, discountedStates: true }, (1.5 + 0.5 + 1.875 + 0.875 + 0.375 + 0.125) / 6],
    ["the mean taken off", { gamma: 1, baseline: "constant" }, 0],
    // 2, 1 and 4, 3, 2, 1 less 3, 2, 1, ½: the second episode of the first environment does not count.
    ["means by time taken off", { gamma: 1, baseline: "time" }, (-1 - 1 + 1 + 1 + 1 + 0.5) / 6],
  ])("by hand: %s", async (_, settings, expected) => {
    const lengths = [2, 4];
    let made = 0;
    const env = () => march(lengths[made++ % 2], 1, 0)();
    const agent = reinforce({ env, ...small, environments: 2, normalizeAdvantages: false, ...settings });
    const [{ policyLoss }] = await trained(agent, 8);
    // The first policy is nearly uniform: −log π is log 2 up to a hundredth.
    expect(Math.abs(policyLoss / Math.LN2 - expected)).toBeLessThan(0.03);
  });

  test("an iteration is an episode in each environment", async () => {
    const reports = await trained(reinforce({ env: march(7), ...small }), 4 * 7 * 3);
    expect(reports.map(({ steps, episodes }) => [steps, episodes])).toEqual([[28, 4], [56, 8], [84, 12]]);
  });

  test("a budget that ends within an episode learns nothing from it", async () => {
    const agent = reinforce({ env: march(7), ...small });
    await trained(agent, 28);
    const before = weights(agent.policy.store);
    const [report] = await trained(agent, 12);
    expect(report).toMatchObject({ steps: 40, policyLoss: NaN, valueLoss: NaN });
    expect(weights(agent.policy.store)).toEqual(before);
  });

  test("a bonus that every step earns changes nothing where a baseline by time takes it off", async () => {
    const run = async (bonus: number, baseline: null | "time") => {
      const agent = reinforce({ env: march(4, bonus), ...small, gamma: 1, baseline, normalizeAdvantages: false });
      return (await trained(agent, 4 * 4))[0].gradientNorm;
    };
    // Whole numbers: float64 sums of them are exact.
    expect(await run(8, "time")).toBe(await run(0, "time"));
    expect(await run(8, null)).not.toBe(await run(0, null));
  });
});

describeAgent(reinforceAlgorithm, small, 4_800);

describe("errors", () => {
  test.each<[string, object, string]>([
    ["a baseline that is none", { baseline: "mean" }, "baseline"],
    ["a learning rate of 2", { learningRate: 2 }, "learningRate"],
    ["λ, which it has not", { lambda: 0.9 }, "lambda"],
  ])("%s", (_, options, message) => {
    expect(() => reinforce({ env: cartPole, ...options })).toThrow(OptionError);
    expect(() => reinforce({ env: cartPole, ...options })).toThrow(message);
  });

  test("episodes that do not end", async () => {
    const agent = reinforce({ env: march(100), ...small, rolloutSteps: 50 });
    await expect(trained(agent, 1000)).rejects.toThrow("rolloutSteps: expected episodes that end within 50 steps, got none that does");
  });

  test("a gradient that overflows names the quantity and the step, and keeps the last weights", async () => {
    const settings: ReinforceSettings = { normalizeAdvantages: false, baseline: null };
    const agent = reinforce({ env: bandit((action) => (2 * action - 1) * 3e38), ...small, ...settings });
    const before = weights(agent.policy.store);
    await expect(trained(agent, 64)).rejects.toThrow(/reinforce: expected finite .* gradientNorm Infinity.*after step 0/);
    await expect(trained(agent, 64)).rejects.toThrow(NumericalError);
    expect(weights(agent.policy.store)).toEqual(before);
  });
});

import { evaluate, grad, input } from "@uphill/autodiff";
import { NumericalError, OptionError } from "@uphill/core-math";
import { box, cartPole, discrete, frameStack, makeEnvironment, memoryCue } from "@uphill/envs";
import type { Discrete, Environment } from "@uphill/envs";
import { evaluatePolicy } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { describeAgent } from "../../training/test/agent-contract.js";
import { bandit, target, trained, weights } from "../../training/test/agents.js";
import { reinforce, reinforceAlgorithm, reinforceLoss, resumeReinforce } from "./index.js";
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

  test.each([null, "constant", "gradientNorm", "time", "value"] as const)("with the baseline %s, the better of two actions", async (baseline) => {
    for (const refinements of [{}, { rewardToGo: false, discountedStates: true, normalizeAdvantages: false }]) {
      const agent = reinforce({ env: march(5), ...small, environments: 16, learningRate: 0.02, baseline, ...refinements });
      const { meanReturn } = (await trained(agent, 8_000)).at(-1)!;
      // 2.5 at first, 5 at best.
      expect(meanReturn).toBeGreaterThan(4.5);
    }
  });

  test("from data used again, whose weights show how far the policy has moved", async () => {
    const run = async (settings: ReinforceSettings) => {
      const agent = reinforce({ env: march(5), ...small, environments: 16, learningRate: 0.01, policySteps: 5, ...settings });
      return trained(agent, 4_000);
    };
    for (const importanceWeights of ["plain", "selfNormalized"] as const) {
      const reports = await run({ importanceWeights });
      expect(reports.at(-1)!.meanReturn).toBeGreaterThan(4.5);
      const fractions = reports.map(({ effectiveSampleFraction }) => effectiveSampleFraction);
      expect(Math.min(...fractions)).toBeGreaterThan(0.5);
      // Until the policy is certain, it moves.
      expect(Math.min(...fractions)).toBeLessThan(0.999);
    }
    for (const { effectiveSampleFraction } of await run({ policySteps: 1 })) expect(effectiveSampleFraction).toBe(1);
  });

  test("a cue that only a window of past observations holds", async () => {
    const env = memoryCue({ delay: 2 });
    const run = async (window: number) => {
      const agent = reinforce({ env, ...small, environments: 32, learningRate: 0.03, window });
      await trained(agent, 6_000);
      return agent;
    };
    const [forgetful, mindful] = [await run(1), await run(3)];
    const episodes = { episodes: 50, seed: 1000 };
    expect(Math.abs((await evaluatePolicy(forgetful.policy, env, episodes)).meanReturn)).toBeLessThan(0.5);
    expect((await evaluatePolicy(mindful.policy, env, episodes)).meanReturn).toBe(1);
    expect(mindful.policy.observationSpace.shape).toEqual([3, 2]);
    expect(mindful.policy.act([1, 0, 0, 0, 0, 1])).toBe(1);
    expect(mindful.policy.act([-1, 0, 0, 0, 0, 1])).toBe(0);
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
    // 2, 1 and 4, 3, 2, 1, whose scores have norms as 1 + x², x = 0, ½ and 0, ¼, ½, ¾: 14.5 / 7.125 is taken off.
    ["the weighted mean taken off", { gamma: 1, baseline: "gradientNorm", hiddenWidths: [] }, 13 / 6 - 14.5 / 7.125],
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

  test("the first step on data is the same, however later ones weigh them", async () => {
    const first = async (settings: ReinforceSettings) => {
      const [report] = await trained(reinforce({ env: march(7), ...small, ...settings }), 28);
      return [report.policyLoss, report.gradientNorm];
    };
    const expected = await first({});
    for (const importanceWeights of ["plain", "selfNormalized", null] as const) {
      expect(await first({ policySteps: 4, importanceWeights })).toEqual(expected);
    }
  });

  test("a window of one observation is no window, to the bit", async () => {
    const run = async (settings: ReinforceSettings) => {
      const agent = reinforce({ env: march(7), ...small, ...settings });
      await trained(agent, 56);
      return weights(agent.policy.store);
    };
    expect(await run({ window: 1 })).toEqual(await run({}));
  });

  test("with a window, stopped, stored and resumed is as never stopped", async () => {
    const whole = reinforce({ env: cartPole, ...small, window: 3 });
    const reports = await trained(whole, 1200);
    const first = reinforce({ env: cartPole, ...small, window: 3 });
    for await (const { iteration } of first.train({ steps: 1200 })) if (iteration === 2) break;
    const second = resumeReinforce(first.checkpoint(), cartPole);
    expect(await trained(second)).toHaveLength(reports.length - 2);
    expect(weights(second.policy.store)).toEqual(weights(whole.policy.store));
    const environment = makeEnvironment(frameStack(cartPole, 3));
    expect(second.policy.act(environment.reset({ seed: 1 }))).toBe(whole.policy.act(environment.reset({ seed: 1 })));
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

describe("the loss", () => {
  const names = ["logProbability", "oldLogProbability", "advantage", "weight"] as const;
  const inputs = Object.fromEntries(names.map((name) => [name, input(name, ["batch"])])) as Record<(typeof names)[number], ReturnType<typeof input>>;
  // ρ = 1.5, ½, 1.
  const feeds = {
    logProbability: [Math.log(0.6), Math.log(0.2), Math.log(0.5)],
    oldLogProbability: [Math.log(0.4), Math.log(0.4), Math.log(0.5)],
    advantage: [1, -2, 3],
    weight: [1, 0.5, 0.25],
  };

  test.each<[string, ReinforceSettings["importanceWeights"], number[]]>([
    ["π/π_old", "plain", [1.5, 0.5, 1]],
    ["π/π_old over its mean", "selfNormalized", [1.5, 0.5, 1]],
    ["nothing", null, [1, 1, 1]],
  ])("by hand: each step's score weighs by its advantage, its place and %s", (_, importanceWeights, ratios) => {
    const { policyLoss, effectiveSampleFraction } = reinforceLoss(inputs, { normalizeAdvantages: false, importanceWeights: importanceWeights ?? null });
    const [gradient] = grad(policyLoss, [inputs.logProbability]);
    const result = evaluate({ gradient, effectiveSampleFraction }, feeds);
    const expected = ratios.map((ratio, i) => (-ratio * feeds.advantage[i] * feeds.weight[i]) / 3);
    [...(result.gradient as Float64Array)].forEach((value, i) => expect(value).toBeCloseTo(expected[i], 10));
    expect(result.effectiveSampleFraction).toBeCloseTo(3 ** 2 / (3 * (1.5 ** 2 + 0.5 ** 2 + 1)), 10);
  });

  test("self-normalised weights do not see a factor of all ratios, plain ones do", () => {
    const shifted = { ...feeds, oldLogProbability: feeds.oldLogProbability.map((x) => x - 1) };
    for (const [importanceWeights, factor] of [["plain", Math.E], ["selfNormalized", 1]] as const) {
      const { policyLoss } = reinforceLoss(inputs, { normalizeAdvantages: false, importanceWeights });
      expect(evaluate(policyLoss, shifted)).toBeCloseTo(factor * (evaluate(policyLoss, feeds) as number), 10);
    }
  });
});

describeAgent(reinforceAlgorithm, small, 4_800);

describe("errors", () => {
  test.each<[string, object, string]>([
    ["a baseline that is none", { baseline: "mean" }, "baseline"],
    ["weights that are none", { importanceWeights: "clipped" }, "importanceWeights"],
    ["no steps of the policy", { policySteps: 0 }, "policySteps"],
    ["a window of nothing", { window: 0 }, "window"],
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

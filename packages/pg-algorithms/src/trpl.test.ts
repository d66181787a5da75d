import { evaluate, input } from "@uphill/autodiff";
import { OptionError } from "@uphill/core-math";
import { diagonalNormal } from "@uphill/distributions";
import type { DiagonalNormal } from "@uphill/distributions";
import { cartPole, mountainCarContinuous, pendulum } from "@uphill/envs";
import { describe, expect, test } from "vitest";
import { describeAgent } from "../../training/test/agent-contract.js";
import { continuousBandit, target, trained, weights } from "../../training/test/agents.js";
import { projectedPolicy, trpl, trplAlgorithm, trplLoss } from "./index.js";
import type { TrplSettings } from "./index.js";

const small: TrplSettings = { environments: 4, rolloutSteps: 16, minibatchSize: 32, epochs: 2, hiddenWidths: [8] };
const projections = ["kl", "frobenius", "wasserstein"] as const;

describe.each(projections)("learning through the %s projection", (projection) => {
  test("a continuous action within its bounds", async () => {
    const bounds = { meanBound: 0.1, covarianceBound: 0.01 };
    const agent = trpl({ env: target, ...small, projection, ...bounds, epochs: 10, learningRate: 0.01, initialLogStandardDeviation: -1 });
    await trained(agent, 8_000);
    const [action] = agent.policy.act([0]);
    expect(action).toBeGreaterThan(0.5);
    expect(action).toBeLessThan(0.9);
  });
});

/** log σ and the mean at observation 0, now. */
function policyOf(agent: ReturnType<typeof trpl>): { logSigma: number; mean: number } {
  const { parameters } = agent.policy.distribution(input("observation", ["batch", 1])) as DiagonalNormal;
  const at = evaluate({ ...parameters }, { observation: [0] }, agent.policy.store);
  return { logSigma: (at.logStandardDeviation as Float64Array)[0], mean: (at.mean as Float64Array)[0] };
}

/** How far a spread moved, as each projection measures it: of one number. */
const distances = {
  kl: (old: number, now: number) => ((now / old) ** 2 - 1 - 2 * Math.log(now / old)) / 2,
  frobenius: (old: number, now: number) => (now ** 2 - old ** 2) ** 2,
  wasserstein: (old: number, now: number) => (now / old - 1) ** 2,
};

describe("laws", () => {
  test.each(projections)("updates keep within the bounds of the %s projection, and reach them", async (projection) => {
    const bounds = { meanBound: 0.02, covarianceBound: 1e-3 };
    const agent = trpl({
      env: target, ...small, ...bounds, projection, epochs: 20, learningRate: 0.02, regressionWeight: 100, initialLogStandardDeviation: -1,
    });
    let before = policyOf(agent);
    let [widest, farthest] = [0, 0];
    for await (const _ of agent.train({ steps: 30 * 64 })) {
      const after = policyOf(agent);
      widest = Math.max(widest, distances[projection](Math.exp(before.logSigma), Math.exp(after.logSigma)));
      farthest = Math.max(farthest, ((after.mean - before.mean) / Math.exp(before.logSigma)) ** 2);
      before = after;
    }
    // log σ is float32: an error of some 1e-7 in σ, over a distance of √0.001.
    expect(Math.abs(widest / 1e-3 - 1)).toBeLessThan(1e-4);
    expect(farthest).toBeGreaterThan(0.01);
    // Means go by the regression, which the last step of Adam may overshoot: within twice the distance, here.
    expect(farthest).toBeLessThan(4 * 0.02);
  });

  test("a heavier regression keeps means nearer to their projections", async () => {
    const missed = async (regressionWeight: number) => {
      const agent = trpl({ env: pendulum, ...small, epochs: 20, learningRate: 0.01, meanBound: 1e-4, regressionWeight, seed: 1 });
      return (await trained(agent, 10 * 64)).at(-1)!.regressionLoss;
    };
    expect(await missed(30)).toBeLessThan((await missed(0)) / 3);
  });

  test.each(projections)("the entropy keeps above a bound that falls, through the %s projection", async (projection) => {
    // From its own entropy, 1.42 nats at σ = 1, to 1 nat; the bandit would narrow much faster.
    const agent = trpl({
      env: target, ...small, projection, epochs: 10, learningRate: 0.02, covarianceBound: 1, leastEntropy: { linear: [1.4189385, 1] },
    });
    const logs: number[] = [];
    for await (const _ of agent.train({ steps: 10 * 64 })) logs.push(policyOf(agent).logSigma);
    logs.forEach((logSigma, i) => {
      const bound = 1.4189385 + (i / 10) * (1 - 1.4189385);
      expect(logSigma + 1.4189385).toBeGreaterThan(bound - 1e-5);
    });
    expect(logs.at(-1)! + 1.4189385).toBeLessThan(1.1);
  });

  test("the divergence reported is that between the policies before and after", async () => {
    const agent = trpl({ env: target, ...small, seed: 4, learningRate: 0.01 });
    let before = policyOf(agent);
    for await (const { klNats } of agent.train({ steps: 10 * 64 })) {
      const after = policyOf(agent);
      const delta = before.logSigma - after.logSigma;
      const kl = (Math.exp(2 * delta) - 1) / 2 - delta + ((before.mean - after.mean) / Math.exp(after.logSigma)) ** 2 / 2;
      // In float32 a divergence has an error of some 1e-7 nats.
      expect(Math.abs(kl - klNats)).toBeLessThan(1e-6);
      before = after;
    }
  });

  test("where no action is better than another, the spread stays nearly as it is", async () => {
    const agent = trpl({ env: continuousBandit(() => 1), ...small, learningRate: 1e-3 });
    const before = policyOf(agent).logSigma;
    await trained(agent, 5 * 64);
    expect(Math.abs(policyOf(agent).logSigma - before)).toBeLessThan(0.03);
  });
});

test("projection and loss by hand: the mean half way, the spread free", () => {
  const vector = (name: string) => input(name, ["batch", 1]);
  const distribution = diagonalNormal({ mean: vector("mean"), logStandardDeviation: input("logSigma", [1]) });
  const oldDistribution = diagonalNormal({ mean: vector("oldMean"), logStandardDeviation: input("oldLogSigma", [1]) });
  const bounds = { projection: "kl", meanBound: 0.25, covarianceBound: 10 } as const;
  const projected = projectedPolicy(distribution, oldDistribution, null, bounds);
  const inputs = {
    distribution, projected, oldDistribution,
    action: vector("action"),
    oldLogProbability: input("oldLogProbability", ["batch"]),
    advantage: input("advantage", ["batch"]),
    value: input("value", ["batch"]),
    valueTarget: input("valueTarget", ["batch"]),
  };
  const settings = { normalizeAdvantages: false, regressionWeight: 2, entropyWeight: 0.1, valueWeight: 0.5 };
  const result = evaluate(
    { ...trplLoss(inputs, settings), mean: projected.mean() },
    {
      mean: [3], oldMean: [1], logSigma: [Math.log(2)], oldLogSigma: [Math.log(2)],
      action: [1], oldLogProbability: [-0.5 * Math.log(8 * Math.PI)], advantage: [2], value: [1], valueTarget: [4],
    },
  );
  // One standard deviation, of which the bound leaves half: μ̃ = 2, ρ = exp(−½ ½²).
  expect((result.mean as Float64Array)[0]).toBeCloseTo(2, 10);
  expect(result.policyLoss).toBeCloseTo(-2 * Math.exp(-0.125), 10);
  expect(result.regressionLoss).toBeCloseTo(0.25, 10);
  expect(result.valueLoss).toBeCloseTo(9, 10);
  const entropy = 0.5 * Math.log(2 * Math.PI * Math.E * 4);
  expect(result.entropy).toBeCloseTo(entropy, 10);
  expect(result.loss).toBeCloseTo(-2 * Math.exp(-0.125) + 2 * 0.25 - 0.1 * entropy + 0.5 * 9, 10);
});

describeAgent(trplAlgorithm, small, 640, [pendulum, mountainCarContinuous]);

describe("errors", () => {
  test.each<[string, object, string]>([
    ["a bound of 0 on means", { meanBound: 0 }, "meanBound"],
    ["a bound of 0 on spreads", { covarianceBound: 0 }, "covarianceBound"],
    ["another projection", { projection: "euclidean" }, "projection"],
    ["noise that depends on the state", { stateDependentNoise: true }, "stateDependentNoise: expected false, got true"],
    ["a minibatch larger than the rollout", { environments: 1, rolloutSteps: 8, minibatchSize: 9 }, "minibatchSize: expected at most environments · rolloutSteps = 8, got 9"],
  ])("%s", (_, options, message) => {
    expect(() => trpl({ env: pendulum, ...options })).toThrow(OptionError);
    expect(() => trpl({ env: pendulum, ...options })).toThrow(message);
  });

  test("discrete actions", () => {
    expect(() => trplAlgorithm.create(cartPole, {}, 0)).toThrow(OptionError);
    expect(() => trplAlgorithm.create(cartPole, {}, 0)).toThrow("env: expected a box of actions, got a discrete space");
    // @ts-expect-error Types know it.
    expect(() => trpl({ env: cartPole })).toThrow(OptionError);
  });

  test("a surrogate that overflows names the quantity and the step, and keeps the last weights", async () => {
    const agent = trpl({ env: continuousBandit((action) => action * 3e38), ...small, normalizeAdvantages: false });
    const before = weights(agent.policy.store);
    await expect(trained(agent, 64)).rejects.toThrow(/trpl: expected finite .* gradientNorm Infinity.*after step 0/);
    expect(weights(agent.policy.store)).toEqual(before);
  });
});

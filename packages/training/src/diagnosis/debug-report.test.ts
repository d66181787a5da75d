import { Store } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { NumericalError, OptionError, Random } from "@uphill/core-math";
import { deterministic } from "@uphill/distributions";
import { box, cartPole, discrete, frameStack, makeEnvironment, pendulum } from "@uphill/envs";
import type { Discrete, Environment, EnvironmentDefinition, Space } from "@uphill/envs";
import { describe, expect, test } from "vitest";
import { weights } from "../../test/agents.js";
import { policyNetwork } from "../policy/networks.js";
import { Policy } from "../policy/policy.js";
import { debugLines } from "./debug-lines.js";
import { debugReport } from "./debug-report.js";

function untrained<A extends Space>(env: EnvironmentDefinition<A>): Policy<A> {
  const { observationSpace, actionSpace } = makeEnvironment(env);
  const layers = { hiddenWidths: [8], activation: "tanh" } as const;
  const { distribution, parameters } = policyNetwork(new Random(1), { observationSpace, actionSpace, ...layers });
  const store = new Store();
  for (const weight of parameters) store.adopt(weight);
  return new Policy({ environmentId: env.id, algorithm: "none", observationSpace, actionSpace, store, distribution });
}

/** One state, episodes of one step; what an action earns, with noise from the environment's own stream. */
function bandit(reward: (action: number, noise: Random) => number): EnvironmentDefinition<Discrete> {
  const make = (): Environment<Discrete> => {
    let random = new Random(0);
    return {
      observationSpace: box({ low: -1, high: 1, shape: [1] }),
      actionSpace: discrete(2),
      reset: ({ seed } = {}) => {
        if (seed !== undefined) random = new Random(seed);
        return Float32Array.of(0);
      },
      step: (action) => ({
        observation: Float32Array.of(0),
        reward: reward(action, random),
        terminated: true,
        truncated: false,
      }),
    };
  };
  return { id: "Bandit-v0", make };
}

describe("debugReport", () => {
  test("tells what an untrained policy does on CartPole", async () => {
    const report = await debugReport(untrained(cartPole), cartPole, { seed: 5 });
    expect(report.returns.map(({ seed }) => seed)).toEqual(Array.from({ length: 16 }, (_, i) => 5 + i));
    expect(report.meanReturn).toBeGreaterThan(10);
    expect(report.meanReturn).toBeLessThan(50);
    expect(report.entropy).toBeCloseTo(Math.LN2, 2);
    expect(report.gradientAgreement.map(({ batchSize }) => batchSize)).toEqual([32, 128, 512, 2048]);
    const agreements = report.gradientAgreement.map(({ agreement }) => agreement);
    expect(agreements).toEqual(agreements.toSorted((a, b) => a - b));
    expect(agreements[0]).toBeGreaterThan(0);
    expect(agreements[3]).toBeLessThan(1);
  });

  test("plays a policy over windows of observations on the environment of which they are", async () => {
    const windows = frameStack(cartPole, 3);
    const policy = untrained(windows);
    expect(await debugReport(policy, cartPole, { episodes: 2 })).toEqual(await debugReport(policy, windows, { episodes: 2 }));
  });

  test("has the entropy of a standard normal for a policy that starts from one", async () => {
    const { entropy } = await debugReport(untrained(pendulum), pendulum, { episodes: 1 });
    expect(entropy).toBeCloseTo(0.5 * Math.log(2 * Math.PI * Math.E), 1);
  });

  // With r = a + σ ε and π(a) = ½ each step gives (¼ + ½ σ s ε) v, s = ±1, for one v: B* = 4 σ².
  test("agrees as B / (B + B*) where steps are independent", async () => {
    const env = bandit((action, random) => action + 4 * random.standardNormal());
    const { gradientAgreement } = await debugReport(untrained(env), env);
    for (const { batchSize, agreement } of gradientAgreement) {
      expect(Math.abs(agreement - batchSize / (batchSize + 64)), `${batchSize}`).toBeLessThan(0.05);
    }
  });

  test("agrees wholly where there is no noise, and not at all where there is nothing else", async () => {
    const certain = bandit((action) => action);
    for (const { agreement } of (await debugReport(untrained(certain), certain)).gradientAgreement) {
      expect(agreement).toBeGreaterThan(0.99);
    }
    const noise = bandit((_, random) => random.standardNormal());
    const { gradientAgreement } = await debugReport(untrained(noise), noise);
    expect(Math.abs(gradientAgreement[0].agreement)).toBeLessThan(0.01);
  });

  test("has no gradient where all rewards are equal, and neither gradient nor entropy without noise", async () => {
    const env = bandit(() => 1);
    const equal = await debugReport(untrained(env), env);
    expect(equal.gradientAgreement).toEqual([]);
    expect(debugLines(equal)[1]).toContain("; all the same, so that no episode says more than another");

    const { observationSpace, actionSpace } = makeEnvironment(pendulum);
    const names = { environmentId: pendulum.id, algorithm: "none" };
    const distribution = (observation: Tensor) => deterministic({ point: observation.slice(1, 0, 1) });
    const fixed = new Policy({ ...names, observationSpace, actionSpace, store: new Store(), distribution });
    const report = await debugReport(fixed, pendulum, { episodes: 1 });
    expect(report).toMatchObject({ entropy: null, gradientAgreement: [] });
    expect(debugLines(report).slice(2)).toEqual([
      "entropy     none: the policy itself is deterministic",
      "gradient    none to take",
    ]);
  });

  test("is the same for the same seed, another for another, and leaves the weights as they are", async () => {
    const policy = untrained(cartPole);
    const before = weights(policy.store);
    const first = await debugReport(policy, cartPole, { seed: 1 });
    expect(await debugReport(policy, cartPole, { seed: 1 })).toEqual(first);
    expect(await debugReport(policy, cartPole, { seed: 2 })).not.toEqual(first);
    expect(weights(policy.store)).toEqual(before);
  });

  test.each([{ seed: -1 }, { episodes: 0 }, { gamma: 1.5 }, { signal: 3 as unknown as AbortSignal }])(
    "refuses %o",
    async (options) => {
      await expect(debugReport(untrained(cartPole), cartPole, options)).rejects.toThrow(OptionError);
    },
  );

  test("stops where it is told to, and names a reward that is not finite", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(debugReport(untrained(cartPole), cartPole, { signal })).rejects.toThrow("enough");
    const env = bandit(() => NaN);
    await expect(debugReport(untrained(env), env)).rejects.toThrow(NumericalError);
  });
});

test("a report reads as five lines", () => {
  const lines = debugLines({
    returns: [12, 345.6].map((value, seed) => ({ seed, return: value })),
    meanReturn: 178.8,
    standardDeviation: 166.8,
    entropy: 0.69314,
    gradientAgreement: [32, 128].map((batchSize) => ({ batchSize, agreement: batchSize / 200 })),
  });
  expect(lines).toEqual([
    "return      179 ± 167 over 2 episodes, exploring",
    "by seed     12.0 346 (seeds 0 to 1)",
    "entropy     0.693 nats",
    "gradient    32 steps 16%, 128 steps 64%",
    "            of a batch's squared gradient is shared by other batches; the rest is noise",
  ]);
});

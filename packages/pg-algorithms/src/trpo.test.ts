import { evaluate, input } from "@uphill/autodiff";
import { NumericalError, OptionError } from "@uphill/core-math";
import { categorical } from "@uphill/distributions";
import { cartPole } from "@uphill/envs";
import { evaluatePolicy } from "@uphill/training";
import { klDivergenceNats } from "@uphill/trust-region";
import { describe, expect, test } from "vitest";
import { describeAgent } from "../../training/test/agent-contract.js";
import { bandit, target, trained, weights } from "../../training/test/agents.js";
import { resumePpo, trpo, trpoAlgorithm, trpoObjective } from "./index.js";
import type { TrpoSettings } from "./index.js";

const small: TrpoSettings = { environments: 4, rolloutSteps: 16, valueMinibatchSize: 32, valueEpochs: 2, hiddenWidths: [8] };

describe("learning", () => {
  test("CartPole, from nothing to several times a random policy's return", async () => {
    const agent = trpo({ env: cartPole, seed: 3, environments: 8, rolloutSteps: 64, hiddenWidths: [32], klRadius: 0.02 });
    await trained(agent, 12_000);
    // A random policy gets 22; this seed reaches more than 300.
    expect((await evaluatePolicy(agent.policy, cartPole, { episodes: 20, seed: 1000 })).meanReturn).toBeGreaterThan(100);
  });

  test("a bandit's better arm", async () => {
    const agent = trpo({ env: bandit(), ...small });
    await trained(agent, 2_000);
    expect(agent.policy.act([0])).toBe(1);
  });

  test("a continuous action within its bounds", async () => {
    const agent = trpo({ env: target, ...small, klRadius: 0.05, initialLogStandardDeviation: -1 });
    await trained(agent, 8_000);
    const [action] = agent.policy.act([0]);
    expect(action).toBeGreaterThan(0.5);
    expect(action).toBeLessThan(0.9);
  });
});

describe("laws", () => {
  test.each([0.001, 0.01, 0.1])("steps keep within a radius of %s, and improve the surrogate where one is taken", async (klRadius) => {
    for (const normalizeObservations of [false, true]) {
      const agent = trpo({ env: cartPole, ...small, seed: 2, klRadius, damping: 0.001, normalizeObservations });
      const reports = await trained(agent, 20 * 64);
      for (const { klNats, stepFraction, policyLoss } of reports) {
        expect(klNats).toBeLessThanOrEqual(klRadius);
        expect(klNats > 0).toBe(stepFraction > 0);
        if (stepFraction > 0) expect(policyLoss).toBeLessThan(1e-6);
      }
      // The quadratic model is good enough for most steps to come close to the radius.
      expect(reports.filter(({ klNats }) => klNats > klRadius / 2).length).toBeGreaterThan(10);
    }
  });

  test("the divergence reported is that between the policies before and after", async () => {
    const agent = trpo({ env: bandit(), ...small, seed: 4, damping: 0.001 });
    const { probabilities } = categorical({
      logits: agent.policy.distribution(input("observation", ["batch", 1])).parameters["logits"],
    });
    const at = () => [...(evaluate(probabilities, { observation: [0] }, agent.policy.store) as Float64Array)];
    let before = at();
    for await (const { klNats } of agent.train({ steps: 10 * 64 })) {
      const after = at();
      // Float32 probabilities near ½: an error of some 1e-7 in log ratios of 0.1.
      expect(Math.abs(klDivergenceNats(before, after) - klNats)).toBeLessThan(1e-6);
      before = after;
    }
  });

  test("a step that is refused leaves the policy as it is", async () => {
    // Hardly damped, the first step overshoots: the policy's output weights are small.
    const settings: TrpoSettings = { klRadius: 1e-4, damping: 1e-6, conjugateGradientSteps: 100, lineSearchTrials: 1 };
    const agent = trpo({ env: cartPole, ...small, ...settings, seed: 2 });
    const policy = () =>
      agent.policy.store.variables().filter(({ name }) => name.startsWith("policy/")).map((one) => agent.policy.store.read(one));
    const before = policy();
    expect(await trained(agent, 64)).toMatchObject([{ stepFraction: 0, klNats: 0 }]);
    expect(policy()).toEqual(before);
  });

  test("where nothing can be better, the policy stays as it is, and the value function learns", async () => {
    const agent = trpo({ env: bandit(() => 1), ...small });
    const before = agent.policy.store.copy();
    const [report] = await trained(agent, 64);
    expect(report).toMatchObject({ stepFraction: 0, klNats: 0 });
    for (const variable of agent.policy.store.variables()) {
      const stays = variable.name.startsWith("policy/");
      const [now, then] = [agent.policy.store.read(variable), before.read(variable)];
      if (stays) expect(now).toEqual(then);
    }
    expect(weights(agent.policy.store)).not.toEqual(weights(before));
  });
});

test("the objective by hand: ρ = 1.5, ½", () => {
  const [logits, oldLogits] = [input("logits", ["batch", 2]), input("oldLogits", ["batch", 2])];
  const inputs = {
    action: input("action", ["batch"], "int32"),
    oldLogProbability: input("oldLogProbability", ["batch"]),
    advantage: input("advantage", ["batch"]),
  };
  const [distribution, oldDistribution] = [categorical({ logits }), categorical({ logits: oldLogits })];
  const { surrogate, klNats } = evaluate(trpoObjective({ ...inputs, distribution, oldDistribution }), {
    logits: [Math.log(0.6), Math.log(0.4), Math.log(0.2), Math.log(0.8)],
    oldLogits: [Math.log(0.4), Math.log(0.6), Math.log(0.4), Math.log(0.6)],
    action: [0, 0],
    oldLogProbability: [Math.log(0.4), Math.log(0.4)],
    advantage: [1, -2],
  });
  expect(surrogate).toBeCloseTo((1.5 * 1 + 0.5 * -2) / 2, 10);
  const kl = (p: readonly number[], q: readonly number[]) => p.reduce((sum, x, i) => sum + x * Math.log(x / q[i]), 0);
  expect(klNats).toBeCloseTo((kl([0.4, 0.6], [0.6, 0.4]) + kl([0.4, 0.6], [0.2, 0.8])) / 2, 10);
});

describeAgent(trpoAlgorithm, small);

describe("errors", () => {
  test.each<[string, object, string]>([
    ["a radius of 0", { klRadius: 0 }, "klRadius"],
    ["a damping of −1", { damping: -1 }, "damping"],
    ["a line search that does not shrink", { lineSearchShrink: 1 }, "lineSearchShrink"],
    ["a minibatch larger than the rollout", { environments: 1, rolloutSteps: 8, valueMinibatchSize: 9 }, "valueMinibatchSize: expected at most environments · rolloutSteps = 8, got 9"],
  ])("%s", (_, options, message) => {
    expect(() => trpo({ env: cartPole, ...options })).toThrow(OptionError);
    expect(() => trpo({ env: cartPole, ...options })).toThrow(message);
  });

  test("a surrogate that overflows names the quantity and the step, and keeps the last weights", async () => {
    const agent = trpo({ env: bandit((action) => (2 * action - 1) * 3e38), ...small, normalizeAdvantages: false });
    const before = weights(agent.policy.store);
    await expect(trained(agent, 64)).rejects.toThrow(/trpo: expected finite .* gradientNorm Infinity .*after step 0/);
    await expect(trained(agent, 64)).rejects.toThrow(NumericalError);
    expect(weights(agent.policy.store)).toEqual(before);
  });

  test("a checkpoint of another algorithm", () => {
    const agent = trpo({ env: cartPole, ...small });
    expect(() => resumePpo(agent.checkpoint(), cartPole)).toThrow("checkpoint: expected one of ppo, got one of trpo");
  });
});

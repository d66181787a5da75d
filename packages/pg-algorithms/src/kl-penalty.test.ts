import { evaluate, input } from "@uphill/autodiff";
import { OptionError } from "@uphill/core-math";
import { categorical } from "@uphill/distributions";
import { cartPole } from "@uphill/envs";
import { evaluatePolicy } from "@uphill/training";
import { klDivergenceNats } from "@uphill/trust-region";
import { describe, expect, test } from "vitest";
import { describeAgent } from "../../training/test/agent-contract.js";
import { bandit, target, trained, weights } from "../../training/test/agents.js";
import { klPenalty, klPenaltyAlgorithm, klPenaltyLoss, resumeKlPenalty } from "./index.js";
import type { KlPenaltySettings } from "./index.js";

const small: KlPenaltySettings = { environments: 4, rolloutSteps: 16, minibatchSize: 32, epochs: 2, hiddenWidths: [8] };

describe("learning", () => {
  test("CartPole, from nothing to several times a random policy's return", async () => {
    const agent = klPenalty({
      env: cartPole, seed: 3, environments: 8, rolloutSteps: 64, learningRate: 3e-3, hiddenWidths: [32], klTarget: 0.02,
    });
    await trained(agent, 12_000);
    // A random policy gets 22.
    expect((await evaluatePolicy(agent.policy, cartPole, { episodes: 20, seed: 1000 })).meanReturn).toBeGreaterThan(100);
  });

  test("a bandit's better arm", async () => {
    const agent = klPenalty({ env: bandit(), ...small, learningRate: 0.01 });
    await trained(agent, 4_000);
    expect(agent.policy.act([0])).toBe(1);
  });

  test("a continuous action within its bounds", async () => {
    const agent = klPenalty({ env: target, ...small, learningRate: 0.01, klTarget: 0.05, initialLogStandardDeviation: -1 });
    await trained(agent, 12_000);
    const [action] = agent.policy.act([0]);
    expect(action).toBeGreaterThan(0.5);
    expect(action).toBeLessThan(0.9);
  });
});

describe("laws", () => {
  test("the multiplier doubles after a step too long, and halves after one too short", async () => {
    for (const klTarget of [1e-4, 1e-2, 1]) {
      const reports = await trained(klPenalty({ env: cartPole, ...small, klTarget, learningRate: 0.003 }), 20 * 64);
      reports.slice(1).forEach(({ klMultiplier }, i) => {
        const { klNats, klMultiplier: before } = reports[i];
        const factor = klNats > 1.5 * klTarget ? 2 : klNats < klTarget / 1.5 ? 0.5 : 1;
        expect(klMultiplier).toBe(before * factor);
      });
      expect(reports[0].klMultiplier).toBe(1);
    }
  });

  test("it brings divergences to their target from prices that are wrong by a thousand", async () => {
    for (const klMultiplier of [2 ** -10, 2 ** 10]) {
      const options: KlPenaltySettings = { ...small, rolloutSteps: 64, epochs: 10, learningRate: 0.01, klTarget: 0.01, klMultiplier };
      const reports = await trained(klPenalty({ env: cartPole, ...options, seed: 1 }), 60 * 256);
      const late = reports.slice(-30).map(({ klNats }) => klNats).toSorted((a, b) => a - b)[15];
      expect(late).toBeGreaterThan(0.01 / 3);
      expect(late).toBeLessThan(0.01 * 3);
    }
  });

  test("a high price keeps the policy where it is", async () => {
    const moved = async (klMultiplier: number) => {
      const agent = klPenalty({ env: cartPole, ...small, epochs: 20, learningRate: 0.003, klMultiplier, seed: 2 });
      return (await trained(agent, 64))[0].klNats;
    };
    expect(await moved(1000)).toBeLessThan((await moved(2 ** -10)) / 10);
  });

  test("where nothing can be better, the multiplier stops at its least", async () => {
    const agent = klPenalty({ env: bandit(() => 1), ...small, klMultiplier: 2 ** -18, learningRate: 0 });
    const multipliers = (await trained(agent, 5 * 64)).map(({ klMultiplier }) => klMultiplier);
    expect(multipliers).toEqual([2 ** -18, 2 ** -19, 2 ** -20, 2 ** -20, 2 ** -20]);
  });

  test("a checkpoint has the multiplier", async () => {
    const agent = klPenalty({ env: cartPole, ...small, learningRate: 0 });
    await trained(agent, 3 * 64);
    const [report] = await trained(resumeKlPenalty(agent.checkpoint(), cartPole), 64);
    expect(report.klMultiplier).toBe(1 / 8);
  });
});

test("the loss by hand: ρ = 1.5, ½; β = 2", () => {
  const [logits, oldLogits] = [input("logits", ["batch", 2]), input("oldLogits", ["batch", 2])];
  const inputs = {
    distribution: categorical({ logits }),
    oldDistribution: categorical({ logits: oldLogits }),
    action: input("action", ["batch"], "int32"),
    oldLogProbability: input("oldLogProbability", ["batch"]),
    advantage: input("advantage", ["batch"]),
    value: input("value", ["batch"]),
    valueTarget: input("valueTarget", ["batch"]),
    klMultiplier: input("klMultiplier", []),
  };
  const settings = { normalizeAdvantages: false, entropyWeight: 0.1, valueWeight: 0.5 };
  const result = evaluate(klPenaltyLoss(inputs, settings), {
    logits: [0.6, 0.4, 0.2, 0.8].map(Math.log),
    oldLogits: [0.4, 0.6, 0.4, 0.6].map(Math.log),
    action: [0, 0],
    oldLogProbability: [Math.log(0.4), Math.log(0.4)],
    advantage: [1, -2],
    value: [1, 2],
    valueTarget: [2, 4],
    klMultiplier: 2,
  });
  const kl = klDivergenceNats([0.4, 0.6], [0.6, 0.4]) + klDivergenceNats([0.4, 0.6], [0.2, 0.8]);
  const policyLoss = -(1.5 * 1 + 0.5 * -2 - 2 * kl) / 2;
  const entropy = -(0.6 * Math.log(0.6) + 0.4 * Math.log(0.4) + 0.2 * Math.log(0.2) + 0.8 * Math.log(0.8)) / 2;
  expect(result.policyLoss).toBeCloseTo(policyLoss, 10);
  expect(result.valueLoss).toBeCloseTo(2.5, 10);
  expect(result.entropy).toBeCloseTo(entropy, 10);
  expect(result.loss).toBeCloseTo(policyLoss - 0.1 * entropy + 0.5 * 2.5, 10);
});

describeAgent(klPenaltyAlgorithm, small);

describe("errors", () => {
  test.each<[string, object, string]>([
    ["a target of 0", { klTarget: 0 }, "klTarget"],
    ["a multiplier of 0", { klMultiplier: 0 }, "klMultiplier"],
    ["no epochs", { epochs: 0 }, "epochs"],
    ["a minibatch larger than the rollout", { environments: 1, rolloutSteps: 8, minibatchSize: 9 }, "minibatchSize: expected at most environments · rolloutSteps = 8, got 9"],
  ])("%s", (_, options, message) => {
    expect(() => klPenalty({ env: cartPole, ...options })).toThrow(OptionError);
    expect(() => klPenalty({ env: cartPole, ...options })).toThrow(message);
  });

  test("a surrogate that overflows names the quantity and the step, and keeps the last weights", async () => {
    const agent = klPenalty({ env: bandit((action) => (2 * action - 1) * 3e38), ...small, normalizeAdvantages: false });
    const before = weights(agent.policy.store);
    await expect(trained(agent, 64)).rejects.toThrow(/kl-penalty: expected finite .* gradientNorm Infinity.*after step 0/);
    expect(weights(agent.policy.store)).toEqual(before);
  });
});

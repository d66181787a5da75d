import { OptionError, StateError } from "@uphill/core-math";
import { cartPole, pendulum } from "@uphill/envs";
import { evaluatePolicy } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { describeAgent } from "../../training/test/agent-contract.js";
import { bandit, target, trained, weights } from "../../training/test/agents.js";
import { a2c, a2cAlgorithm } from "./index.js";
import type { A2cSettings } from "./index.js";

const small: A2cSettings = { environments: 4, rolloutSteps: 8, updatesPerReport: 2, hiddenWidths: [8] };

describe("learning", () => {
  test("CartPole, from nothing to several times a random policy's return", async () => {
    const agent = a2c({ env: cartPole, seed: 3, environments: 8, learningRate: 3e-3, hiddenWidths: [32] });
    await trained(agent, 20_000);
    expect((await evaluatePolicy(agent.policy, cartPole, { episodes: 20, seed: 1000 })).meanReturn).toBeGreaterThan(60);
  });

  test("a bandit's better arm", async () => {
    const agent = a2c({ env: bandit(), ...small, learningRate: 0.01 });
    await trained(agent, 2_000);
    expect(agent.policy.act([0])).toBe(1);
  });

  test("a continuous action within its bounds", async () => {
    const agent = a2c({ env: target, ...small, learningRate: 0.01, initialLogStandardDeviation: -1 });
    await trained(agent, 8_000);
    const [action] = agent.policy.act([0]);
    expect(action).toBeGreaterThan(0.5);
    expect(action).toBeLessThan(0.9);
  });
});

describe("laws", () => {
  test("how often it reports changes nothing that is learned", async () => {
    const runs = [1, 3, 100].map((updatesPerReport) => a2c({ env: cartPole, ...small, updatesPerReport, normalizeObservations: true }));
    for (const agent of runs) await trained(agent, 500);
    expect(weights(runs[1].policy.store)).toEqual(weights(runs[0].policy.store));
    expect(weights(runs[2].policy.store)).toEqual(weights(runs[0].policy.store));
  });

  test("entropy's weight keeps a policy undecided", async () => {
    const entropies = [0, 10].map(async (entropyWeight) => {
      const reports = await trained(a2c({ env: bandit(), ...small, learningRate: 0.01, entropyWeight }), 3_000);
      return reports.at(-1)!.entropy;
    });
    const [free, held] = await Promise.all(entropies);
    expect(free).toBeLessThan(0.3);
    expect(held).toBeGreaterThan(0.99 * Math.LN2);
  });

  test("the divergence of the last update is 0 without a step, and grows with its square", async () => {
    const shift = async (learningRate: number) => {
      const [report] = await trained(a2c({ env: cartPole, ...small, learningRate, maxGradientNorm: 1e6, updatesPerReport: 2 }), 64);
      return report.klNats;
    };
    expect(await shift(0)).toBeLessThan(1e-12);
    const [once, twice] = [await shift(1e-3), await shift(2e-3)];
    expect(once).toBeGreaterThan(1e-6);
    // The first of the two updates makes it a little more than 4 times.
    expect(twice / once).toBeGreaterThan(3);
    expect(twice / once).toBeLessThan(6);
  });

  test("one rollout moves each parameter by the same, whatever its gradient: RMSprop's first step", async () => {
    const agent = a2c({ env: pendulum, ...small, updatesPerReport: 1, learningRate: 1e-3, hiddenWidths: [] });
    const variable = agent.policy.store.find("policy/logStandardDeviation")!;
    const [before] = agent.policy.store.read(variable);
    await trained(agent, 32);
    // α g / (√(0.01 g²) + ε) = 10 α where g is far above ε.
    expect(Math.abs(agent.policy.store.read(variable)[0] - before)).toBeCloseTo(1e-2, 3);
  });
});

describeAgent(a2cAlgorithm, { ...small, learningRate: { linear: [1e-3, 0] } });

describe("errors", () => {
  test.each<[string, object, string]>([
    ["a learning rate of −1", { learningRate: -1 }, "learningRate"],
    ["an entropy weight below 0", { entropyWeight: -0.1 }, "entropyWeight"],
    ["no updates", { updatesPerReport: 0 }, "updatesPerReport"],
    ["λ of 2", { lambda: 2 }, "lambda"],
  ])("%s", (_, options, message) => {
    expect(() => a2c({ env: cartPole, ...options })).toThrow(OptionError);
    expect(() => a2c({ env: cartPole, ...options })).toThrow(message);
  });

  test("a loss that overflows names the quantity and the step, and keeps the last weights", async () => {
    const agent = a2c({ env: bandit(() => 1e30), ...small });
    const before = weights(agent.policy.store);
    await expect(trained(agent, 64)).rejects.toThrow(/a2c: expected finite losses.* valueLoss Infinity.* after step 0/);
    expect(weights(agent.policy.store)).toEqual(before);
  });

  test("an environment that throws in mid-rollout, whose agent is at the last report", async () => {
    let calls = 0;
    const reward = (action: number) => {
      if (++calls > 100) throw new StateError("out of rope");
      return action;
    };
    const agent = a2c({ env: bandit(reward), ...small });
    await expect(trained(agent, 1000)).rejects.toThrow("out of rope");
    expect(agent.steps).toBe(64);
    expect(agent.checkpoint().length).toBeGreaterThan(0);
  });
});

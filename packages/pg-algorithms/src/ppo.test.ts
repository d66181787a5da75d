import { evaluate, input } from "@uphill/autodiff";
import type { NumericArray } from "@uphill/autodiff";
import { OptionError, StateError } from "@uphill/core-math";
import { cartPole, pendulum } from "@uphill/envs";
import type { EnvironmentDefinition } from "@uphill/envs";
import { evaluatePolicy } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { describeAgent } from "../../training/test/agent-contract.js";
import { bandit, target, trained, weights } from "../../training/test/agents.js";
import { ppo, ppoAlgorithm, ppoLoss } from "./index.js";
import type { PpoSettings } from "./index.js";

const small: PpoSettings = { environments: 4, rolloutSteps: 16, minibatchSize: 32, epochs: 2, hiddenWidths: [8] };

describe("learning", () => {
  test("CartPole, from nothing to several times a random policy's return", async () => {
    const agent = ppo({ env: cartPole, seed: 3, environments: 8, rolloutSteps: 64, minibatchSize: 128, learningRate: 2e-3, hiddenWidths: [32] });
    await trained(agent, 12_000);
    // A random policy gets 22; this seed reaches more than 300.
    expect((await evaluatePolicy(agent.policy, cartPole, { episodes: 20, seed: 1000 })).meanReturn).toBeGreaterThan(100);
  });

  test("a bandit's better arm", async () => {
    const agent = ppo({ env: bandit(), ...small, learningRate: 0.01 });
    await trained(agent, 2_000);
    expect(agent.policy.act([0])).toBe(1);
  });

  test("a continuous action within its bounds", async () => {
    const agent = ppo({ env: target, ...small, learningRate: 0.01, gamma: 0.9, initialLogStandardDeviation: -1 });
    await trained(agent, 8_000);
    const [action] = agent.policy.act([0]);
    expect(action).toBeGreaterThan(0.5);
    expect(action).toBeLessThan(0.9);
  });
});

describe("laws", () => {
  test("the ratio starts at 1: one minibatch of all steps has no KL and clips nothing", async () => {
    for (const env of [cartPole, pendulum] as EnvironmentDefinition[]) {
      const agent = ppo({ env, ...small, epochs: 1, minibatchSize: 64, normalizeObservations: true, normalizeRewards: true });
      for (const report of await trained(agent, 5 * 64)) {
        expect(Math.abs(report.klNats)).toBeLessThan(1e-6);
        expect(report.clipFraction).toBe(0);
      }
    }
  });

  test("an aborted iteration is undone, and training goes on as if nothing had happened", async () => {
    const undisturbed = ppo({ env: cartPole, ...small });
    await trained(undisturbed, 256);

    const controller = new AbortController();
    let vectorSteps = 0;
    const agent = ppo({
      env: {
        ...cartPole,
        makeBatch: (count) => {
          const batch = cartPole.makeBatch!(count);
          const step: typeof batch.step = (actions, results) => {
            batch.step(actions, results);
            // In the middle of the third rollout of 16 steps.
            if (++vectorSteps === 40) controller.abort();
          };
          return Object.assign(Object.create(batch) as typeof batch, { step });
        },
      },
      ...small,
    });
    await trained(agent, 256, controller.signal);
    expect(vectorSteps).toBe(40);
    expect(agent.steps).toBe(128);
    expect(agent.targetSteps).toBe(256);
    await trained(agent);
    expect(vectorSteps).toBe(40 + 32);
    expect(weights(agent.policy.store)).toEqual(weights(undisturbed.policy.store));
  });

  test("a KL target ends the update early", async () => {
    const free = ppo({ env: cartPole, ...small, epochs: 50, learningRate: 0.01 });
    const bound = ppo({ env: cartPole, ...small, epochs: 50, learningRate: 0.01, klTarget: 0.01 });
    const [[without], [within]] = [await trained(free, 64), await trained(bound, 64)];
    expect(within.klNats).toBeLessThan(0.02);
    expect(without.klNats).toBeGreaterThan(within.klNats);
  });
});

describe("the loss", () => {
  const names = ["logProbability", "oldLogProbability", "advantage", "entropy", "value", "oldValue", "valueTarget"] as const;
  const inputs = {
    ...(Object.fromEntries(names.map((name) => [name, input(name, ["batch"])])) as Record<(typeof names)[number], ReturnType<typeof input>>),
    clipRange: input("clipRange", []),
  };
  const settings = { normalizeAdvantages: false, valueClipRange: null, entropyWeight: 0.1, valueWeight: 0.5 };
  const feeds = {
    logProbability: [Math.log(0.6), Math.log(0.2), Math.log(0.5)],
    oldLogProbability: [Math.log(0.4), Math.log(0.4), Math.log(0.5)],
    advantage: [1, -2, 3],
    entropy: [0.5, 0.6, 0.7],
    value: [1, 2, 3],
    oldValue: [1, 1, 1],
    valueTarget: [0, 0, 0],
    clipRange: 0.2,
  };
  const near = (actual: number | NumericArray, expected: number) => expect(actual).toBeCloseTo(expected, 10);

  test("by hand: ρ = 1.5, 0.5, 1", () => {
    const result = evaluate(ppoLoss(inputs, settings), feeds);
    // min(1.5, 1.2) · 1, min(0.5 · −2, 0.8 · −2), 1 · 3
    near(result.policyLoss, -(1.2 - 1.6 + 3) / 3);
    near(result.valueLoss, (1 + 4 + 9) / 3);
    near(result.entropy, 0.6);
    near(result.clipFraction, 2 / 3);
    near(result.klNats, (0.5 - Math.log(1.5) - 0.5 - Math.log(0.5)) / 3);
    near(result.loss, -(1.2 - 1.6 + 3) / 3 - 0.1 * 0.6 + (0.5 * 14) / 3);
  });

  test("clipped values take the worse error", () => {
    const { valueLoss } = evaluate(ppoLoss(inputs, { ...settings, valueClipRange: 0.5 }), { ...feeds, valueTarget: [0, 3, 0] });
    // V clipped: 1, 1.5, 1.5; errors 1, max(1, 2.25), max(9, 2.25)
    near(valueLoss, (1 + 2.25 + 9) / 3);
  });

  test("normalised advantages have mean 0 and sample standard deviation 1", () => {
    const { policyLoss } = evaluate(ppoLoss(inputs, { ...settings, normalizeAdvantages: true }), {
      ...feeds,
      oldLogProbability: feeds.logProbability,
    });
    near(policyLoss, 0);
  });
});

describeAgent(ppoAlgorithm, { ...small, learningRate: { linear: [1e-3, 0] }, clipRange: { cosine: [0.3, 0.1] } });

describe("errors", () => {
  test.each<[string, object, string]>([
    ["a learning rate of −1", { learningRate: -1 }, "learningRate"],
    ["γ of 1.5", { gamma: 1.5 }, "gamma"],
    ["an unknown option", { learningrate: 1 }, "learningRate"],
    ["a minibatch larger than the rollout", { environments: 1, rolloutSteps: 8, minibatchSize: 9 }, "minibatchSize: expected at most environments · rolloutSteps = 8, got 9"],
    ["a fractional seed", { seed: 0.5 }, "seed"],
  ])("%s", (_, options, message) => {
    expect(() => ppo({ env: cartPole, ...options })).toThrow(OptionError);
    expect(() => ppo({ env: cartPole, ...options })).toThrow(message);
  });

  test("no options", () => {
    expect(() => ppo(undefined as never)).toThrow("options: expected an object, got undefined");
  });

  test.each([0, -5, 1.5, NaN])("a budget of %s steps", async (steps) => {
    await expect(trained(ppo({ env: cartPole, ...small }), steps)).rejects.toThrow(OptionError);
  });

  test("training twice at once", async () => {
    const agent = ppo({ env: cartPole, ...small });
    const first = agent.train({ steps: 1000 });
    await first.next();
    await expect(agent.train({ steps: 1000 }).next()).rejects.toThrow(StateError);
    await first.return();
    await expect(trained(agent, 64)).resolves.toHaveLength(1);
  });

  test("a loss that overflows names the quantity and the step, and keeps the last weights", async () => {
    const agent = ppo({ env: bandit(() => 1e30), ...small, normalizeAdvantages: false });
    const before = weights(agent.policy.store);
    await expect(trained(agent, 64)).rejects.toThrow(/ppo: expected finite losses.* valueLoss Infinity.* after step 0/);
    expect(weights(agent.policy.store)).toEqual(before);
  });
});

import { evaluate, input } from "@uphill/autodiff";
import type { NumericArray, Store } from "@uphill/autodiff";
import { FormatError, NumericalError, OptionError, StateError } from "@uphill/core-math";
import { box, cartPole, discrete, pendulum } from "@uphill/envs";
import type { Box, Discrete, Environment, EnvironmentDefinition } from "@uphill/envs";
import { decodeCheckpoint, evaluatePolicy } from "@uphill/training";
import type { Agent } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { ppo, ppoLoss, resumePpo } from "./index.js";
import type { PpoReport, PpoSettings } from "./index.js";

const small: PpoSettings = { environments: 4, rolloutSteps: 16, minibatchSize: 32, epochs: 2, hiddenWidths: [8] };

/** Everything that an agent's store holds, as one list of numbers. */
function weights(store: Store): number[] {
  return store.variables().flatMap((variable) => [...store.read(variable)]);
}

async function trained(agent: Agent, steps?: number, signal?: AbortSignal): Promise<PpoReport[]> {
  const reports: PpoReport[] = [];
  const options = { ...(steps !== undefined && { steps }), ...(signal && { signal }) };
  for await (const report of agent.train(options)) reports.push(report as PpoReport);
  return reports;
}

/** One state; action 1 earns 1, action 0 nothing; episodes of one step. */
function bandit(reward: (action: number) => number = (action) => action): () => Environment<Discrete> {
  return () => ({
    observationSpace: box({ low: -1, high: 1, shape: [1] }),
    actionSpace: discrete(2),
    reset: () => Float32Array.of(0),
    step: (action) => ({ observation: Float32Array.of(0), reward: reward(action), terminated: true, truncated: false }),
  });
}

/** One state; earns −(a − 0.7)², so that the best action is 0.7. */
const target: () => Environment<Box> = () => ({
  observationSpace: box({ low: -1, high: 1, shape: [1] }),
  actionSpace: box({ low: -1, high: 1, shape: [1] }),
  reset: () => Float32Array.of(0),
  step: (action) => ({ observation: Float32Array.of(0), reward: -((action[0] - 0.7) ** 2), terminated: true, truncated: false }),
});

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

  test("the same seed gives the same bits, another seed others", async () => {
    const run = async (seed: number) => {
      const agent = ppo({ env: cartPole, ...small, seed });
      await trained(agent, 500);
      return weights(agent.policy.store);
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });

  test.each<[string, EnvironmentDefinition]>([
    ["discrete", cartPole],
    ["continuous", pendulum],
  ])("%s: stopped, stored and resumed is as never stopped", async (_, env) => {
    const settings: PpoSettings = {
      ...small,
      normalizeObservations: true,
      normalizeRewards: true,
      learningRate: { linear: [1e-3, 0] },
      clipRange: { cosine: [0.3, 0.1] },
    };
    const whole = ppo({ env, ...settings, seed: 5 });
    const reports = await trained(whole, 640);

    const first = ppo({ env, ...settings, seed: 5 });
    for await (const { iteration } of first.train({ steps: 640 })) if (iteration === 4) break;
    const second = resumePpo(first.checkpoint(), env);
    expect(second.steps).toBe(256);
    const rest = await trained(second);

    expect(weights(second.policy.store)).toEqual(weights(whole.policy.store));
    const comparable = ({ elapsedMs: _ms, stepsPerSecond: _speed, ...report }: PpoReport) => report;
    expect(rest.map(comparable)).toEqual(reports.slice(4).map(comparable));
    expect(decodeCheckpoint(second.checkpoint()).tensors).toEqual(decodeCheckpoint(whole.checkpoint()).tensors);
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

  test("budgets are exact, and a second one follows the first", async () => {
    const agent = ppo({ env: cartPole, ...small });
    expect((await trained(agent, 100)).map(({ steps }) => steps)).toEqual([64, 100]);
    expect((await trained(agent, 10)).map(({ steps }) => steps)).toEqual([112]);
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

  test("a reward that turns NaN stops the run and keeps the last weights", async () => {
    let calls = 0;
    const agent = ppo({ env: bandit((action) => (++calls > 200 ? NaN : action)), ...small });
    const kept: number[][] = [];
    const run = async () => {
      for await (const _ of agent.train({ steps: 1000 })) kept.push(weights(agent.policy.store));
    };
    await expect(run()).rejects.toThrow(NumericalError);
    expect(kept.length).toBe(3);
    expect(weights(agent.policy.store)).toEqual(kept.at(-1));
    expect(agent.steps).toBe(192);
  });

  test("a loss that overflows names the quantity and the step, and keeps the last weights", async () => {
    const agent = ppo({ env: bandit(() => 1e30), ...small, normalizeAdvantages: false });
    const before = weights(agent.policy.store);
    await expect(trained(agent, 64)).rejects.toThrow(/ppo: expected finite losses.* valueLoss Infinity.* after step 0/);
    expect(weights(agent.policy.store)).toEqual(before);
  });

  test("a checkpoint that is cut off, or of another environment", async () => {
    const agent = ppo({ env: cartPole, ...small });
    await trained(agent, 64);
    const bytes = agent.checkpoint();
    expect(() => resumePpo(bytes.subarray(0, 100), cartPole)).toThrow(FormatError);
    expect(() => resumePpo(bytes, pendulum)).toThrow("checkpoint: expected one of environment Pendulum-v1, got one of");
  });
});

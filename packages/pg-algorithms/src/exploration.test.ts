import { evaluate, input } from "@uphill/autodiff";
import { OptionError, Random } from "@uphill/core-math";
import { actionMask, box, cartPole, discrete, makeEnvironment, pendulum } from "@uphill/envs";
import type { Box, Discrete, Environment, EnvironmentDefinition, EnvironmentSource, Space } from "@uphill/envs";
import { evaluatePolicy } from "@uphill/training";
import type { Agent, OnPolicySettings } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { trained, weights } from "../../training/test/agents.js";
import { klPenalty, normalizedGradient, npg, policyGradient, ppo, reinforce, resumePpo, trpo } from "./index.js";

const small = { environments: 4, rolloutSteps: 32, hiddenWidths: [8] } as const;
const algorithms = { ppo, trpo, npg, klPenalty, normalizedGradient, policyGradient, reinforce } as const;
type Maker<A extends Space> = (
  options: Omit<OnPolicySettings, "lambda"> & { readonly env: EnvironmentSource<A>; readonly learningRate?: number },
) => Agent<A>;
const names = Object.keys(algorithms) as (keyof typeof algorithms)[];

/** Ten floors: up, down or wait; neither below the lowest nor above the highest. What is on top is worth going there. */
const lift: EnvironmentDefinition<Discrete> = {
  id: "Lift-v0",
  maxEpisodeSteps: 20,
  make(): Environment<Discrete> {
    let floor = 0;
    const observation = () => Float32Array.of(floor / 5 - 1);
    return {
      observationSpace: box({ low: -1, high: 1, shape: [1] }),
      actionSpace: discrete(3),
      reset: () => ((floor = 5), observation()),
      step(action) {
        floor += action - 1;
        return { observation: observation(), reward: floor / 10, terminated: false, truncated: false };
      },
      saveState: () => floor,
      restoreState: (state) => void (floor = Number(state)),
    };
  },
};
const floorOf = (observation: Float32Array) => Math.round(5 * (observation[0] + 1));
const maskedLift = actionMask(lift, (observation, action) => floorOf(observation) + action - 1 >= 0 && floorOf(observation) + action - 1 <= 10);

describe("action masks", () => {
  test.each(names)("%s chooses allowed actions alone, and learns among them", async (name) => {
    const rate = ["trpo", "npg", "normalizedGradient"].includes(name) ? {} : { learningRate: 0.01 };
    const make: Maker<Discrete> = algorithms[name];
    const agent = make({ env: maskedLift, ...small, ...rate, rolloutSteps: 64, maskActions: true, normalizeObservations: true });
    // The environment throws for an action that is not allowed.
    await trained(agent, 12_000);
    // 0.6 + 0.7 + … + 1 + 1 … is the most that 20 steps from the middle can earn.
    expect((await evaluatePolicy(agent.policy, maskedLift, { episodes: 2 })).meanReturn).toBeGreaterThan(15);
  });

  test("a mask that allows everything changes nothing, to the bit", async () => {
    const masked = ppo({ env: actionMask(cartPole, () => true), ...small, maskActions: true, normalizeObservations: true });
    const plain = ppo({ env: cartPole, ...small, normalizeObservations: true });
    await trained(masked, 512);
    await trained(plain, 512);
    expect(weights(masked.policy.store)).toEqual(weights(plain.policy.store));
    expect(masked.policy.act([0.1, 0, -0.1, 0, 1, 1])).toBe(plain.policy.act([0.1, 0, -0.1, 0]));
  });

  test("a policy plays and samples as the mask at the end of its observation says", async () => {
    const { policy } = ppo({ env: maskedLift, ...small, maskActions: true });
    const random = new Random(1);
    for (let i = 0; i < 50; i++) expect(policy.act([0, 0, 1, 0], { random })).toBe(1);
    expect(policy.act([0, 0, 0, 1])).toBe(2);
    const distribution = policy.distribution(input("observation", ["batch", 4]));
    const logits = evaluate(distribution.parameters["logits"], { observation: [0, 1, 0, 1] }) as Float64Array;
    expect(logits[1]).toBe(-Infinity);
  });

  test("a window of observations ends with the mask of the last", async () => {
    const agent = reinforce({ env: maskedLift, ...small, maskActions: true, window: 3 });
    await trained(agent, 400);
    expect(agent.policy.observationSpace.shape).toEqual([3, 4]);
    expect(agent.policy.act([0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0])).toBe(0);
    expect((await evaluatePolicy(agent.policy, maskedLift, { episodes: 2 })).lengths).toEqual(Int32Array.of(20, 20));
  });

  test("stopped, stored and resumed is as never stopped", async () => {
    const whole = ppo({ env: maskedLift, ...small, maskActions: true });
    await trained(whole, 512);
    const first = ppo({ env: maskedLift, ...small, maskActions: true });
    for await (const { iteration } of first.train({ steps: 512 })) if (iteration === 2) break;
    const second = resumePpo(first.checkpoint(), maskedLift);
    await trained(second);
    expect(weights(second.policy.store)).toEqual(weights(whole.policy.store));
  });

  test("a mask without a valid action ends the run with environment and index, and the last checkpoint is usable", async () => {
    let closed = false;
    const env = actionMask(lift, (observation) => !(closed && floorOf(observation) >= 6));
    const agent = ppo({ env, ...small, maskActions: true });
    await trained(agent, 128);
    const [before, checkpoint] = [weights(agent.policy.store), agent.checkpoint()];
    closed = true;
    const message = /^action mask of Lift-v0, environment [0-3]: expected at least one allowed action, got none$/;
    await expect(trained(agent, 1280)).rejects.toThrow(message);
    expect(agent.steps).toBe(128);
    expect(weights(agent.policy.store)).toEqual(before);
    await expect(evaluatePolicy(agent.policy, env, { episodes: 2, random: new Random(1) })).rejects.toThrow(OptionError);
    closed = false;
    await expect(trained(resumePpo(checkpoint, env), 128)).resolves.toHaveLength(1);
  });

  test("what has no mask", () => {
    expect(() => ppo({ env: pendulum, maskActions: true })).toThrow("maskActions: expected a discrete action space, got a box");
    expect(() => ppo({ env: lift, maskActions: true })).toThrow(
      "maskActions: expected observations that end with a mask of 3 actions, got 1 numbers",
    );
  });
});

describe("noise that depends on the state", () => {
  /** One state; remembers the actions that it was given. */
  const remembering = (actions: number[]) => (): Environment<Box> => ({
    observationSpace: box({ low: -1, high: 1, shape: [1] }),
    actionSpace: box({ low: -9, high: 9, shape: [1] }),
    reset: () => Float32Array.of(0.5),
    step: (action) => {
      actions.push(action[0]);
      return { observation: Float32Array.of(0.5), reward: -(action[0] ** 2), terminated: false, truncated: false };
    },
  });

  test.each<[string, number | null, number]>([
    ["a whole rollout", null, 16],
    ["five steps", 5, 5],
    ["a step", 1, 1],
  ])("is kept for %s", async (_, noiseResampleSteps, kept) => {
    const actions: number[] = [];
    const options = { stateDependentNoise: true, noiseResampleSteps, environments: 1, rolloutSteps: 16, minibatchSize: 16 };
    await trained(ppo({ env: remembering(actions), ...options, hiddenWidths: [8] }), 32);
    expect(actions).toHaveLength(32);
    actions.forEach((action, step) => {
      const isFirst = (step % 16) % kept === 0;
      if (step > 0) expect(action === actions[step - 1]).toBe(!isFirst);
    });
  });

  test.each(names)("%s trains with it, to the same bits for the same seed", async (name) => {
    const options = { ...small, stateDependentNoise: true, noiseResampleSteps: 4, initialLogStandardDeviation: -1 };
    const run = async () => {
      const make: Maker<Box> = algorithms[name];
      const agent = make({ env: pendulum, ...options, rolloutSteps: 256 });
      const reports = await trained(agent, 4 * 256 * 2);
      expect(reports.every(({ meanReturn }) => meanReturn < 0)).toBe(true);
      return weights(agent.policy.store);
    };
    const first = await run();
    expect(first.every(Number.isFinite)).toBe(true);
    expect(await run()).toEqual(first);
  });

  test("a policy that samples keeps its noise too: at one state the same action, for as many steps", () => {
    const { policy } = ppo({ env: pendulum, ...small, stateDependentNoise: true, noiseResampleSteps: 3 });
    const observation = makeEnvironment(pendulum).reset({ seed: 1 });
    const random = new Random(1);
    const actions = Array.from({ length: 6 }, () => policy.act(observation, { random })[0]);
    expect(new Set(actions).size).toBe(2);
    expect(actions[0]).toBe(actions[2]);
    expect(actions[3]).not.toBe(actions[2]);
  });

  test.each<[string, object, string]>([
    ["actions that are a choice", { stateDependentNoise: true }, "stateDependentNoise: expected a box of actions, got a discrete space"],
    ["steps without it", { noiseResampleSteps: 4 }, "noiseResampleSteps: expected stateDependentNoise with it, got it alone"],
    ["no steps", { stateDependentNoise: true, noiseResampleSteps: 0 }, "noiseResampleSteps"],
  ])("%s", (_, options, message) => {
    expect(() => ppo({ env: cartPole, ...options })).toThrow(OptionError);
    expect(() => ppo({ env: cartPole, ...options })).toThrow(message);
  });
});

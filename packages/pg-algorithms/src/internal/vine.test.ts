import { evaluate, input } from "@uphill/autodiff";
import { OptionError, Random } from "@uphill/core-math";
import { box, cartPole, discrete, gaussianBandit, pendulum } from "@uphill/envs";
import type { Discrete, EnvironmentDefinition, JsonValue } from "@uphill/envs";
import { resolveOptions, RolloutCollector } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { bandit } from "../../../training/test/agents.js";
import { trpoOptions } from "../trpo-options.js";
import type { TrpoSettings } from "../trpo-options.js";
import { Vine } from "./vine.js";

const pace = { due: false, turn: () => Promise.resolve() };

/** Starts at 0; an action is added, the sum is the reward; ends at 2, and after as many steps as it is given. */
function counter(maxEpisodeSteps: number): EnvironmentDefinition<Discrete> {
  return {
    id: "Counter-v0",
    maxEpisodeSteps,
    make: () => {
      let sum = 0;
      return {
        observationSpace: box({ low: 0, high: 2, shape: [1] }),
        actionSpace: discrete(2),
        reset: () => Float32Array.of((sum = 0)),
        step: (action) => {
          sum += action;
          return { observation: Float32Array.of(sum), reward: sum, terminated: sum === 2, truncated: false };
        },
        saveState: () => sum,
        restoreState: (state: JsonValue) => {
          sum = Number(state);
        },
      };
    },
  };
}

function vineOver(env: EnvironmentDefinition, given: TrpoSettings, seed = 1) {
  const settings = resolveOptions(trpoOptions, { environments: 3, rolloutSteps: 12, vineStates: 4, hiddenWidths: [8], ...given });
  const random = new Random(seed);
  const collector = new RolloutCollector({ env, algorithm: "trpo", settings, random });
  const vine = new Vine(collector, settings, random.split("vine"));
  const value = (observations: readonly number[]) => {
    const observation = input("observation", [observations.length, 1]);
    return evaluate(collector.model.value(observation), { observation: observations }, collector.model.policy.store) as Float64Array;
  };
  return { collector, vine, settings, value };
}

test("branches of one step, by hand: the reward and what the next state is worth", async () => {
  for (const [limit, gamma] of [[100, 0.9], [1, 0.9], [100, 0]]) {
    const { vine, value } = vineOver(counter(limit), { gamma, vineSteps: 1 });
    const { samples, taken } = await vine.grow(1000, pace);
    const { observations, actions, logProposals, actionValues } = samples!;
    expect(observations.length).toBe(4 * 3);
    expect([...actions]).toEqual(Array.from(observations, () => [0, 1]).flat());
    expect(logProposals.every((x) => x === 0)).toBe(true);
    expect(taken).toBe(3 * (12 + 4 * 2 * 1));
    if (limit > 1) expect(new Set(observations)).toEqual(new Set([0, 1]));
    observations.forEach((sum, row) => {
      // What the counter says after either action; 2 ends it for good, the limit does not.
      const [stay, on] = [sum, sum + 1].map((next) => next + (next === 2 ? 0 : gamma * value([next])[0]));
      // Values come from float32 programs, of a size of some units.
      expect(Math.abs(actionValues[2 * row + 1] - (on - stay) / 2)).toBeLessThan(1e-5);
      expect(Math.abs(actionValues[2 * row] - (stay - on) / 2)).toBeLessThan(1e-5);
    });
  }
});

describe("laws", () => {
  test("branches of a state share their random numbers, so that noise cancels", async () => {
    const { vine } = vineOver(gaussianBandit({ means: [0, 1], deviation: 100 }), { vineSteps: 5 });
    const { samples } = await vine.grow(1000, pace);
    samples!.actionValues.forEach((value, i) => expect(Math.abs(value - (i % 2 === 0 ? -0.5 : 0.5))).toBeLessThan(1e-10));
  });

  test.each([cartPole, pendulum] as EnvironmentDefinition[])("$id: branches leave the trunk as it would have been", async (env) => {
    const settings = { vineSteps: 7, vineActions: 3 };
    const { vine, collector } = vineOver(env, settings);
    const { collector: alone } = vineOver(env, settings);
    for (let k = 0; k < 3; k++) {
      const { rollout } = await vine.grow(1000, pace);
      const expected = await alone.collect(12, pace);
      expect(rollout.observations).toEqual(expected.observations);
      expect(rollout.actions).toEqual(expected.actions);
      expect(rollout.rewards).toEqual(expected.rewards);
    }
    expect(collector.environments.capture()).toEqual(alone.environments.capture());
  });

  test("rewards of branches are scaled as those of the trunk", async () => {
    const { vine, collector } = vineOver(counter(100), { gamma: 0, vineSteps: 1, normalizeRewards: true });
    const { samples } = await vine.grow(1000, pace);
    const one = new Float64Array(3).fill(1);
    collector.environments.scale(one);
    expect(Math.abs(one[0] - 1)).toBeGreaterThan(0.1);
    // An action that counts earns 1 more than one that does not.
    samples!.actionValues.forEach((value, i) => expect(Math.abs(value - (i % 2 === 0 ? -one[0] : one[0]) / 2)).toBeLessThan(1e-10));
  });

  test("forks are states of the trunk, evenly spaced", async () => {
    const { vine } = vineOver(cartPole, { vineSteps: 1 });
    const { rollout, samples } = await vine.grow(1000, pace);
    const size = 3 * 4;
    // In the middle of quarters of twelve steps.
    [1, 4, 7, 10].forEach((step, i) => {
      const fork = samples!.observations.subarray(i * size, (i + 1) * size);
      expect(fork).toEqual(rollout.observations.subarray(step * size, (step + 1) * size));
    });
  });

  test("sampled actions come with their log-probabilities, unclipped", async () => {
    const { vine, collector } = vineOver(pendulum, { vineSteps: 2, vineActions: 4 });
    const { samples } = await vine.grow(1000, pace);
    const { observations, actions, logProposals } = samples!;
    const states = 12;
    const observation = input("observation", [states, 3]);
    const { policy } = collector.model;
    const distribution = policy.distribution(observation);
    for (let k = 0; k < 4; k++) {
      const action = Array.from({ length: states }, (_, s) => actions[4 * s + k]);
      const given = input("action", [states, 1]);
      const expected = evaluate(distribution.logProbability(given), { observation: observations, action }, policy.store) as Float64Array;
      expected.forEach((x, s) => expect(Math.abs(logProposals[4 * s + k] - x)).toBeLessThan(1e-5));
    }
    // Twelve states of four draws from N(0, 1), within ±2 or not.
    expect(new Set(actions).size).toBe(48);
  });

  test("a budget without room for all branches grows the trunk alone", async () => {
    const { vine } = vineOver(counter(100), { vineSteps: 2 });
    expect(await vine.grow(12 + 4 * 2 * 2 - 1, pace)).toMatchObject({ samples: null, taken: 36 });
    expect(await vine.grow(5, pace)).toMatchObject({ samples: null, taken: 15 });
    expect((await vine.grow(12 + 4 * 2 * 2, pace)).samples).not.toBeNull();
  });

  test("branches that have all ended take no more steps", async () => {
    const { vine } = vineOver(gaussianBandit({ means: [0, 1] }), { vineSteps: 50 });
    expect((await vine.grow(1000, pace)).taken).toBe(3 * (12 + 4 * 2));
  });
});

describe("errors", () => {
  test("an environment that cannot restore a state", () => {
    expect(() => vineOver({ id: "Bandit-v0", make: bandit() }, {})).toThrow(OptionError);
    expect(() => vineOver({ id: "Bandit-v0", make: bandit() }, {})).toThrow(
      'sampling: expected "singlePath" for Bandit-v0, which cannot restore a state',
    );
  });

  test("all actions of a box", () => {
    expect(() => vineOver(pendulum, {})).toThrow("vineActions: expected a number of actions to sample from a box space, got none");
  });

  test("more forks than steps", () => {
    expect(() => vineOver(cartPole, { vineStates: 13 })).toThrow("vineStates: expected at most rolloutSteps = 12, got 13");
  });

  test("one action", () => {
    expect(() => vineOver(cartPole, { vineActions: 1 })).toThrow("vineActions");
  });
});

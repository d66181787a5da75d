import { FormatError, NumericalError, OptionError, Random, StateError } from "@uphill/core-math";
import { cartPole, makeVectorEnvironment, RewardNormalizer } from "@uphill/envs";
import type { Discrete, EnvironmentDefinition, JsonValue } from "@uphill/envs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errands, forgetfulErrands } from "../../test/errands.js";
import { decodeJson, encodeJson } from "../checkpoint/json-numbers.js";
import { TrainingEnvironments } from "./training-environments.js";
import type { TrainingEnvironmentsOptions } from "./training-environments.js";

const three: TrainingEnvironmentsOptions = { count: 3, seed: 5, rewardScaling: { gamma: 0.9 } };

/** The same actions every time, from a stream of their own. */
function actionsOf(random: Random, { vector }: TrainingEnvironments<Discrete>): Int32Array {
  return Int32Array.from({ length: vector.count }, () => random.integer(vector.actionSpace.n));
}

/** Steps, and returns all that an algorithm sees of each. */
function play(environments: TrainingEnvironments<Discrete>, steps: number, random: Random): unknown[] {
  return Array.from({ length: steps }, () => {
    environments.step(actionsOf(random, environments));
    const { vector, rewards, report } = environments;
    const { observations, terminated, truncated, observationSpace } = vector;
    const ends = vector.finalObservations.filter((_, at) => {
      const row = Math.floor(at / observationSpace.size);
      return terminated[row] !== 0 || truncated[row] !== 0;
    });
    return structuredClone({ rewards, report, observations, ends, terminated, truncated });
  });
}

/** Through text, as a checkpoint holds it. */
function stored(state: JsonValue): JsonValue {
  return decodeJson("state", encodeJson("state", state));
}

describe("TrainingEnvironments", () => {
  it("steps environments from a seed, and counts their episodes", () => {
    const environments = new TrainingEnvironments(errands, { count: 3, seed: 5 });
    const vector = makeVectorEnvironment(errands, 3);
    vector.reset({ seed: 5 });
    const [random, same] = [new Random(1), new Random(1)];
    const returns = [0, 0, 0];
    const finished: number[] = [];
    for (let step = 0; step < 50; step++) {
      environments.step(actionsOf(random, environments));
      vector.step(actionsOf(same, environments));
      expect(environments.vector.observations).toEqual(vector.observations);
      expect(environments.rewards).toEqual(vector.rewards);
      for (let i = 0; i < 3; i++) {
        returns[i] += vector.rewards[i];
        if (vector.terminated[i] === 0 && vector.truncated[i] === 0) continue;
        finished.push(returns[i]);
        returns[i] = 0;
      }
    }
    const { episodes, meanReturn, meanLength } = environments.report;
    expect(episodes).toBe(finished.length);
    expect(meanReturn).toBeCloseTo(finished.reduce((sum, value) => sum + value, 0) / finished.length, 10);
    expect(meanLength).toBeGreaterThan(1);
  });

  it("scales the rewards to learn from, and reports those of the environment", () => {
    const [scaled, plain] = [
      new TrainingEnvironments(errands, three),
      new TrainingEnvironments(errands, { ...three, rewardScaling: null }),
    ];
    const normalizer = new RewardNormalizer({ count: 3, gamma: 0.9 });
    const [random, same] = [new Random(1), new Random(1)];
    for (let step = 0; step < 40; step++) {
      scaled.step(actionsOf(random, scaled));
      plain.step(actionsOf(same, plain));
      const { rewards, terminated, truncated } = plain.vector;
      normalizer.update(rewards, terminated, truncated);
      expect(scaled.rewards).toEqual(normalizer.normalize(rewards));
      expect(plain.rewards).toEqual(rewards);
      expect(scaled.report).toEqual(plain.report);
    }
  });

  it.each<[string, EnvironmentDefinition<Discrete>]>([
    ["one after the other", errands],
    ["natively vectorised", cartPole],
  ])("goes on from what it captured to the same bits: environments %s", (_, env) => {
    fc.assert(
      fc.property(fc.nat({ max: 60 }), fc.nat({ max: 40 }), fc.boolean(), (before, between, anew) => {
        const whole = new TrainingEnvironments(env, three);
        const random = new Random(2);
        play(whole, before, random);
        const [captured, stream] = [stored(whole.capture()), random.state()];
        const after = play(whole, 30, random);
        const resumed = anew ? new TrainingEnvironments(env, { ...three, seed: 99 }) : whole;
        play(resumed, between, new Random(3));
        resumed.restore(captured);
        expect(play(resumed, 30, Random.fromState(stream))).toEqual(after);
        expect(resumed.capture()).toEqual(whole.capture());
      }),
      { numRuns: 30 },
    );
  });

  it("restarts with new episodes, and counts none that was under way", () => {
    const environments = new TrainingEnvironments(cartPole, { count: 3, seed: 5 });
    const random = new Random(1);
    play(environments, 5, random);
    const before = environments.vector.observations.slice();
    environments.restart();
    expect(environments.vector.observations).not.toEqual(before);
    let longest = 0;
    for (let step = 1; environments.report.episodes === 0; step++) {
      play(environments, 1, random);
      longest = step;
    }
    // Counted from the restart.
    expect(environments.report.meanLength).toBe(longest);
  });

  it("has twins that go on from its states, and are not counted", () => {
    const environments = new TrainingEnvironments(cartPole, { count: 3, seed: 5, rewardScaling: { gamma: 0.9 } });
    play(environments, 20, new Random(1));
    const before = environments.capture();
    const twin = environments.twin();
    twin.restoreState(environments.vector.saveState());
    for (let step = 0; step < 30; step++) twin.step(Int32Array.of(0, 1, 0));
    const rewards = twin.rewards.slice();
    environments.scale(rewards);
    expect(environments.capture()).toEqual(before);
    // Every step of CartPole earns 1, so all are scaled alike; the scale is what the next step, which learns, starts from.
    expect(new Set(rewards).size).toBe(1);
    environments.step(Int32Array.of(0, 0, 0));
    expect(Math.abs(rewards[0] / environments.rewards[0] - 1)).toBeLessThan(0.1);
    expect(rewards[0]).toBeLessThan(0.9);
    twin.close();
  });

  it("begins new episodes where environments cannot save theirs, and counts none that was cut", () => {
    const environments = new TrainingEnvironments(forgetfulErrands, three);
    const random = new Random(1);
    play(environments, 30, random);
    const captured = environments.capture() as { readonly [name: string]: JsonValue };
    expect(captured["environments"]).toBeNull();
    const { report } = environments;
    environments.restore(stored(captured));
    expect(environments.report).toEqual(report);
    const episodes = environments.capture() as { readonly [name: string]: { readonly [name: string]: JsonValue } };
    expect(episodes["episodes"]["runningReturns"]).toEqual([0, 0, 0]);
    expect(episodes["episodes"]["runningLengths"]).toEqual([0, 0, 0]);
    expect(episodes["rewardScale"]["returns"]).toEqual([0, 0, 0]);
    expect(episodes["rewardScale"]["moments"]).toEqual((captured["rewardScale"] as typeof captured)["moments"]);
    // Twenty steps end every episode that begins now.
    play(environments, 20, random);
    expect(environments.report.episodes).toBeGreaterThanOrEqual(report.episodes + 3);
  });

  const {
    environments: saved,
    episodes,
    rewardScale,
  } = new TrainingEnvironments(errands, three).capture() as {
    readonly environments: { readonly elapsed: readonly number[] };
    readonly episodes: { readonly window: number };
    readonly rewardScale: object;
  };
  const of = (options: TrainingEnvironmentsOptions) => new TrainingEnvironments(errands, options).capture() as object;

  it.each<[string, JsonValue | object, string]>([
    ["null", null, "checkpoint.state.environments: expected an object, got null"],
    ["no environments", { episodes, rewardScale }, "state: expected a saved object, got undefined"],
    ["no episodes", { environments: saved, rewardScale }, "episodes: expected an object, got undefined"],
    ["no reward scale", { environments: saved, episodes }, "reward normalizer: expected a saved object, got undefined"],
    [
      "null for the reward scale",
      { environments: saved, episodes, rewardScale: null },
      "expected a reward scale, got none",
    ],
    [
      "another number of environments",
      of({ ...three, count: 2 }),
      "expected episodes of 3 environments, got those of 2",
    ],
    [
      "another discount",
      of({ ...three, rewardScaling: { gamma: 0.5 } }),
      "of 3 environments and γ = 0.9, got one of 3 and γ = 0.5",
    ],
    [
      "a discount that is none",
      { environments: saved, episodes, rewardScale: { ...rewardScale, gamma: 2 } },
      "gamma: expected a finite number in [0, 1], got 2",
    ],
    [
      "another environment",
      new TrainingEnvironments(cartPole, three).capture(),
      "state.id: expected a state of Errands-v0",
    ],
    [
      "an episode beyond its limit",
      { environments: { ...saved, elapsed: [1, 2, 20] }, episodes, rewardScale },
      "state.elapsed[2]: expected an integer in [0, 19], got 20",
    ],
    [
      "a damaged window",
      { environments: saved, episodes: { ...episodes, window: 0 }, rewardScale },
      "episodes.window: expected an integer in [1, 1000000], got 0",
    ],
  ])("refuses a state with %s, and goes on as if nothing had happened", (_, state, message) => {
    const [environments, undisturbed] = [
      new TrainingEnvironments(errands, three),
      new TrainingEnvironments(errands, three),
    ];
    expect(() => environments.restore(state as JsonValue)).toThrow(FormatError);
    expect(() => environments.restore(state as JsonValue)).toThrow(message);
    expect(play(environments, 30, new Random(1))).toEqual(play(undisturbed, 30, new Random(1)));
  });

  it("refuses a saved state of environments that cannot take one, and a scale that it has no use for", () => {
    const state = new TrainingEnvironments(errands, three).capture();
    const forgetful = new TrainingEnvironments(forgetfulErrands, three);
    expect(() => forgetful.restore(state)).toThrow(
      new FormatError("checkpoint.state.environments: expected no saved environments, got some"),
    );
    const unscaled = new TrainingEnvironments(errands, { count: 3, seed: 5 });
    expect(() => unscaled.restore(state)).toThrow(
      new FormatError("checkpoint.state.environments: expected no reward scale, got one"),
    );
  });

  it.each<[string, object, string]>([
    ["no environments", { count: 0 }, "count: expected an integer ≥ 1, got 0"],
    ["a fraction of one", { count: 1.5 }, "count: expected an integer ≥ 1, got 1.5"],
    ["a negative seed", { seed: -1 }, "seed: expected an integer ≥ 0, got -1"],
    ["a discount above 1", { rewardScaling: { gamma: 2 } }, "gamma: expected a finite number in [0, 1], got 2"],
  ])("refuses %s", (_, changes, message) => {
    expect(() => new TrainingEnvironments(errands, { ...three, ...changes })).toThrow(new OptionError(message));
  });

  it("refuses what is no environment, rewards that are not finite, and steps after it was closed", () => {
    expect(() => new TrainingEnvironments(3 as never, three)).toThrow(OptionError);
    const broken = new TrainingEnvironments({ ...errands, make: () => withReward(NaN) }, three);
    expect(() => broken.step(new Int32Array(3))).toThrow(NumericalError);
    const environments = new TrainingEnvironments(errands, three);
    environments.close();
    expect(() => environments.step(new Int32Array(3))).toThrow(StateError);
  });
});

function withReward(reward: number) {
  const environment = errands.make();
  const step = environment.step.bind(environment);
  return Object.assign(environment, { step: (action: number) => ({ ...step(action), reward }) });
}

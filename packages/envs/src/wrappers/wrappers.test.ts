import { NumericalError, OptionError, Random, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Corridor, corridor } from "../../test/corridor.js";
import { advanceVector, environmentContract } from "../../test/environment-contract.js";
import { Slider } from "../../test/slider.js";
import { cartPole } from "../cart-pole.js";
import type { Environment, EnvironmentDefinition } from "../environment.js";
import type { JsonValue } from "../json.js";
import { makeEnvironment, makeVectorEnvironment } from "../make.js";
import { ObservationNormalizer } from "../observation-normalizer.js";
import { pendulum } from "../pendulum.js";
import { RewardNormalizer } from "../reward-normalizer.js";
import { type Box, box } from "../spaces/box.js";
import { discrete } from "../spaces/discrete.js";
import type { AutoresetMode } from "../vector-environment.js";
import { actionMask } from "./action-mask.js";
import { clipAction, clipObservation, clipReward, rescaleAction } from "./clip.js";
import { episodeStatistics } from "./episode-statistics.js";
import { frameStack } from "./frame-stack.js";
import { normalizeObservation } from "./normalize-observation.js";
import { normalizeReward } from "./normalize-reward.js";
import { recordEpisodes } from "./record-episodes.js";
import { timeAwareObservation } from "./time-aware-observation.js";
import { timeLimit } from "./time-limit.js";
import { transformAction, transformObservation, transformReward } from "./transform.js";
import { wrap } from "./wrap.js";

const MODES: readonly AutoresetMode[] = ["same-step", "next-step", "disabled"];
const slider: EnvironmentDefinition<Box> = { id: "Slider-v0", make: () => new Slider() };
const frozen = new ObservationNormalizer({ size: 2 });
frozen.update([0, 1, 5, 0, 9, 0.5]);
frozen.frozen = true;

test("wrappers lie over each other, and every maker takes the result", () => {
  const env = episodeStatistics(frameStack(timeAwareObservation(cartPole), 3));
  expect(env).toMatchObject({ id: "CartPole-v1", maxEpisodeSteps: 500, rewardThreshold: 475 });
  const vector = makeVectorEnvironment(env, 2);
  vector.reset({ seed: 1 });
  expect(vector.observationSpace.shape).toEqual([3, 5]);
  vector.step(Int32Array.of(0, 1));
  expect(vector.observations[14]).toBe(Math.fround(1 / 500));
});

// Laws -----------------------------------------------------------------------------------------------------------------

const wrapped: Readonly<Record<string, EnvironmentDefinition>> = {
  timeLimit: timeLimit(corridor, 5),
  episodeStatistics: episodeStatistics(corridor),
  "frozen normalizeObservation": normalizeObservation(corridor, { normalizer: frozen }),
  clipObservation: clipObservation(corridor, 0.5, 6),
  clipReward: clipReward(corridor, 0, 0.5),
  frameStack: frameStack(corridor, 3),
  timeAwareObservation: timeAwareObservation(timeLimit(corridor, 30)),
  recordEpisodes: recordEpisodes(corridor, () => undefined),
  transformObservation: transformObservation(corridor, box({ low: 0, high: 20 }), ([x]) => Float32Array.of(2 * x)),
  transformReward: transformReward(corridor, (reward) => 2 * reward),
  transformAction: transformAction(corridor, discrete(3), (action) => Math.min(action, 1)),
  clipAction: clipAction(slider),
  rescaleAction: rescaleAction(pendulum, 0, 3),
  "a wrapper of one's own": wrap(corridor, () => ({})),
};
for (const [name, definition] of Object.entries(wrapped)) {
  environmentContract({ ...definition, id: `${definition.id} under ${name}` }, 2);
}

const learning: Readonly<Record<string, EnvironmentDefinition>> = {
  normalizeObservation: normalizeObservation(corridor),
  normalizeReward: normalizeReward(corridor, { gamma: 0.9 }),
  both: normalizeReward(normalizeObservation(pendulum)),
};

describe.each(Object.entries(learning))("%s, whose statistics learn", (_, definition) => {
  test.each(MODES)("mode %s: two from one seed never differ, nor does one restored at any step", (autoreset) => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 40 }), (seed, steps) => {
        const limited = timeLimit(definition, 15);
        const [first, second, restored] = [1, 2, 3].map(() => makeVectorEnvironment(limited, 3, { autoreset }));
        for (const vector of [first, second]) vector.reset({ seed });
        expect(advanceVector(first, steps, new Random(seed))).toEqual(advanceVector(second, steps, new Random(seed)));
        restored.restoreState(JSON.parse(JSON.stringify(first.saveState())) as JsonValue);
        const expected = advanceVector(second, 30, new Random(1));
        expect(advanceVector(first, 30, new Random(1))).toEqual(expected);
        expect(advanceVector(restored, 30, new Random(1))).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  });
});

// Errors ---------------------------------------------------------------------------------------------------------------

test("arguments that make no wrapper", () => {
  const wrong: readonly [() => unknown, string][] = [
    [() => timeLimit(corridor, 0), "maxEpisodeSteps: expected an integer ≥ 1, got 0"],
    [() => timeLimit(5 as never, 1), "env: expected an environment definition"],
    [() => wrap(corridor, 5 as never), "wrapper of Corridor-v0: expected a function that makes a layer"],
    [() => episodeStatistics(corridor, 5 as never), "onEpisode: expected a function, got 5"],
    [() => recordEpisodes(corridor, "file" as never), 'write: expected a function, got "file"'],
    [() => clipReward(corridor, 1, 0), "high: expected a finite number ≥ 1, got 0"],
    [() => clipObservation(corridor, Number.NaN, 0), "low: expected a finite number, got NaN"],
    [() => rescaleAction(slider, 1, 1), "high: expected a finite number > 1, got 1"],
    [() => rescaleAction(clipAction(slider)).make(), "actionSpace of Slider-v0: expected finite bounds to rescale to"],
    [() => clipAction(corridor as never).make(), "actionSpace of Corridor-v0: expected a box, got a discrete space"],
    [() => frameStack(corridor, 0), "frames: expected an integer in [1, 1024], got 0"],
    [() => timeAwareObservation(slider).make(), "environment Slider-v0: expected a time limit"],
    [() => actionMask(corridor, 5 as never), "allows: expected a function, got 5"],
    [() => actionMask(slider as never, () => true).make(), "actionSpace of Slider-v0: expected a discrete space, got a box"],
    [() => transformObservation(corridor, discrete(2) as never, (x) => x), "space: expected a box, got a Discrete"],
    [() => transformReward(corridor, 5 as never), "transform: expected a function, got 5"],
    [() => normalizeReward(corridor, { gamma: 2 }), "gamma: expected a finite number in [0, 1], got 2"],
    [
      () => normalizeObservation(cartPole, { normalizer: frozen }).make(),
      "normalizer of CartPole-v1: expected one of size 4, got one of 2",
    ],
    [
      () => normalizeReward(corridor, { normalizer: new RewardNormalizer({ count: 2, gamma: 1 }) }).make(),
      "normalizer of Corridor-v0: expected one of 1 environments, got one of 2",
    ],
  ];
  for (const [make, message] of wrong) {
    expect(make).toThrow(OptionError);
    expect(make).toThrow(message);
  }
  expect(() => new RewardNormalizer({ count: 1, gamma: 1 }).copy(new RewardNormalizer({ count: 2, gamma: 1 }))).toThrow(
    ShapeError,
  );
  expect(() => new ObservationNormalizer({ size: 1 }).copy(frozen)).toThrow(ShapeError);
});

test("functions that give what makes no sense are named with the environment", () => {
  const step = (env: EnvironmentDefinition, action: Int32Array | Float32Array) => () => {
    const vector = makeVectorEnvironment(env, 2);
    vector.reset();
    vector.step(action);
  };
  const right = Int32Array.of(1, 1);
  expect(step(transformReward(corridor, () => Number.NaN), right)).toThrow(
    new NumericalError("reward of Corridor-v0, environment 0: expected a finite number, got NaN"),
  );
  expect(step(transformObservation(corridor, box({ low: 0, high: 1 }), (x) => x), right)).toThrow(
    "observation from Corridor-v0, environment 0, as its wrapper gave it: expected a Float32Array of length 1",
  );
  expect(step(transformAction(corridor, discrete(2), () => 5), right)).toThrow(
    "action of Corridor-v0, as its wrapper gave it, environment 0: expected an integer in [0, 2), got -1",
  );
  expect(step(transformAction(slider, discrete(2), () => Float32Array.of(1)), right)).toThrow(NumericalError);
});

test("a wrapped environment that cannot save its state has none to save, and is closed once", () => {
  expect(makeEnvironment(frameStack(slider, 2)).saveState).toBeUndefined();
  let closed = 0;
  const closing = (): Environment => Object.assign(new Corridor(), { close: () => (closed += 1) });
  const vector = makeVectorEnvironment(
    wrap(closing, () => ({ close: () => (closed += 100) })),
    2,
  );
  vector.close();
  vector.close();
  expect(closed).toBe(102);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { environmentContract } from "../test/environment-contract.js";
import { recordedRuns } from "../test/recordings.js";
import { expectRecordedEpisodes, expectRecordedStates } from "../test/replay.js";
import { makeEnvironment } from "./make.js";
import { mountainCarContinuous } from "./mountain-car-continuous.js";

test("swinging up with full force ends with the reward of 100 less what force has cost", () => {
  const environment = makeEnvironment(mountainCarContinuous);
  let observation = environment.reset({ seed: 0 });
  for (let t = 1; ; t++) {
    const step = environment.step(Float32Array.of(observation[1] >= 0 ? 1 : -1));
    observation = step.observation;
    expect(step.reward).toBeCloseTo(step.terminated ? 99.9 : -0.1, 12);
    if (!step.terminated) continue;
    expect(t).toBeLessThan(130);
    return;
  }
});

environmentContract(mountainCarContinuous);

test("an action out of bounds moves the car as the bound does, to float32, and costs what it is", () => {
  fc.assert(
    fc.property(fc.nat(), fc.float({ min: 1, max: 1e6, noNaN: true }), (seed, force) => {
      const after = (action: number): { observation: Float32Array; reward: number } => {
        const environment = makeEnvironment(mountainCarContinuous);
        environment.reset({ seed });
        return environment.step(Float32Array.of(action));
      };
      const [outside, bound] = [after(-force), after(-1)];
      for (const i of [0, 1]) expect(Math.abs(outside.observation[i] - bound.observation[i])).toBeLessThan(1e-7);
      expect(outside.reward).toBe(-(force * force * 0.1));
    }),
    { numRuns: 50 },
  );
});

describe("the recordings of Gymnasium 1.4", () => {
  test.each(recordedRuns("MountainCarContinuous-v0"))("seed $seed ($policy): every bit", (run) => {
    expectRecordedEpisodes(makeEnvironment(mountainCarContinuous), run, 0);
    expectRecordedStates(mountainCarContinuous, run, 0);
  });
});

test("is what Gymnasium calls MountainCarContinuous-v0", () => {
  const { id, maxEpisodeSteps, rewardThreshold } = mountainCarContinuous;
  expect({ id, maxEpisodeSteps, rewardThreshold }).toEqual({
    id: "MountainCarContinuous-v0",
    maxEpisodeSteps: 999,
    rewardThreshold: 90,
  });
  const { observationSpace, actionSpace } = mountainCarContinuous.make();
  expect([...actionSpace.low, ...actionSpace.high]).toEqual([-1, 1]);
  expect([...observationSpace.low, ...observationSpace.high]).toEqual([-1.2, -0.07, 0.6, 0.07].map(Math.fround));
});

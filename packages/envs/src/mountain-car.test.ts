import { describe, expect, test } from "vitest";
import { environmentContract } from "../test/environment-contract.js";
import { recordedRuns } from "../test/recordings.js";
import { expectRecordedEpisodes, expectRecordedStates } from "../test/replay.js";
import { makeEnvironment } from "./make.js";
import { mountainCar } from "./mountain-car.js";

test("pushing along with the velocity gets the car out, pushing right alone does not", () => {
  const steps = (choose: (velocity: number) => number): number => {
    const environment = makeEnvironment(mountainCar);
    let observation = environment.reset({ seed: 0 });
    for (let t = 1; ; t++) {
      const step = environment.step(choose(observation[1]));
      observation = step.observation;
      if (step.terminated || step.truncated) return t;
    }
  };
  expect(steps((velocity) => (velocity >= 0 ? 2 : 0))).toBeLessThan(130);
  expect(steps(() => 2)).toBe(200);
});

environmentContract(mountainCar);

describe("the recordings of Gymnasium 1.4", () => {
  // cos may differ from the C library's in the last place; 1e-9 is what that grows to over an episode at most.
  test.each(recordedRuns("MountainCar-v0"))("seed $seed ($policy): observations to the bit, state to 1e-9", (run) => {
    expectRecordedEpisodes(makeEnvironment(mountainCar), run, 0);
    expectRecordedStates(mountainCar, run, 1e-9);
  });
});

test("the left end stops the car", () => {
  const environment = makeEnvironment(mountainCar);
  const saved = (environment.reset({ seed: 0 }), environment.saveState?.());
  const text = JSON.stringify(saved).replace(/"state":\[\[[^\]]*\],\[[^\]]*\]\]/u, '"state":[[-1.19],[-0.05]]');
  environment.restoreState?.(JSON.parse(text));
  expect([...environment.step(0).observation]).toEqual([Math.fround(-1.2), 0]);
});

test("is what Gymnasium calls MountainCar-v0", () => {
  const { id, maxEpisodeSteps, rewardThreshold } = mountainCar;
  expect({ id, maxEpisodeSteps, rewardThreshold }).toEqual({
    id: "MountainCar-v0",
    maxEpisodeSteps: 200,
    rewardThreshold: -110,
  });
  const { observationSpace, actionSpace } = mountainCar.make();
  expect(actionSpace.n).toBe(3);
  expect([...observationSpace.low, ...observationSpace.high]).toEqual([-1.2, -0.07, 0.6, 0.07].map(Math.fround));
});

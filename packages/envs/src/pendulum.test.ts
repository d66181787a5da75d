import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { environmentContract } from "../test/environment-contract.js";
import { recordedRuns } from "../test/recordings.js";
import { expectRecordedEpisodes, expectRecordedStates } from "../test/replay.js";
import { makeEnvironment, makeVectorEnvironment } from "./make.js";
import { pendulum } from "./pendulum.js";

test("torque against gravity slows the fall", () => {
  const speedAfter = (torque: number): number => {
    const environment = makeEnvironment(pendulum);
    environment.reset({ seed: 0 });
    return environment.step(Float32Array.of(torque)).observation[2];
  };
  expect(speedAfter(-2)).toBeLessThan(speedAfter(0));
  expect(speedAfter(0)).toBeLessThan(speedAfter(2));
});

environmentContract(pendulum);

test("an action out of bounds acts, and costs, as the nearest one within", () => {
  fc.assert(
    fc.property(fc.nat(), fc.float({ noNaN: true, noDefaultInfinity: true }), (seed, torque) => {
      const after = (action: Float32Array): unknown => {
        const environment = makeEnvironment(pendulum);
        environment.reset({ seed });
        return environment.step(action);
      };
      const action = Float32Array.of(torque);
      expect(after(action)).toEqual(after(pendulum.make().actionSpace.clip(action)));
    }),
    { numRuns: 50 },
  );
});

describe("the recordings of Gymnasium 1.4", () => {
  // sin and cos may differ from the C library's in the last place; 1e-9 is what that grows to over an episode at most.
  test.each(recordedRuns("Pendulum-v1"))("seed $seed ($policy): observations to the bit, state to 1e-9", (run) => {
    expectRecordedEpisodes(makeEnvironment(pendulum), run, 1e-9);
    expectRecordedStates(pendulum, run, 1e-9);
  });
});

test("is what Gymnasium calls Pendulum-v1", () => {
  const { id, maxEpisodeSteps, rewardThreshold } = pendulum;
  expect({ id, maxEpisodeSteps, rewardThreshold }).toEqual({ id: "Pendulum-v1", maxEpisodeSteps: 200 });
  const { observationSpace, actionSpace } = pendulum.make();
  expect([...actionSpace.low, ...actionSpace.high]).toEqual([-2, 2]);
  expect([...observationSpace.low, ...observationSpace.high]).toEqual([-1, -1, -8, 1, 1, 8]);
});

test("an action that is none names the environment, and its index in a vector", () => {
  const environment = makeEnvironment(pendulum);
  environment.reset({ seed: 0 });
  const allowed = "expected a Float32Array of 1 finite number";
  expect(() => environment.step(Float32Array.of(Number.NaN))).toThrow(`action of Pendulum-v1: ${allowed}, got NaN`);
  expect(() => environment.step(Float32Array.of(1, 2))).toThrow(
    `action of Pendulum-v1: ${allowed}, got a Float32Array`,
  );

  const vector = makeVectorEnvironment(pendulum, 2);
  vector.reset();
  expect(() => {
    vector.step(Float32Array.of(0, Infinity));
  }).toThrow(`action of Pendulum-v1, environment 1: ${allowed}, got Infinity`);
  expect(() => {
    vector.step(Float32Array.of(0));
  }).toThrow("actions of Pendulum-v1: expected length 2, got a Float32Array of length 1");
});

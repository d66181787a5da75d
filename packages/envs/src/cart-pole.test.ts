import { describe, expect, test } from "vitest";
import { environmentContract } from "../test/environment-contract.js";
import { recordedRuns } from "../test/recordings.js";
import { expectRecordedEpisodes, expectRecordedStates } from "../test/replay.js";
import { cartPole } from "./cart-pole.js";
import { makeEnvironment, makeVectorEnvironment } from "./make.js";

test("a push to the right speeds the cart up to the right, and the pole falls to the left", () => {
  const environment = makeEnvironment(cartPole);
  const before = environment.reset({ seed: 0 });
  const { observation, reward, terminated } = environment.step(1);
  expect(observation[1]).toBeGreaterThan(before[1]);
  expect(observation[3]).toBeLessThan(before[3]);
  expect([reward, terminated]).toEqual([1, false]);
});

environmentContract(cartPole);

describe("the recordings of Gymnasium 1.4", () => {
  test.each(recordedRuns("CartPole-v1"))("seed $seed ($policy): every bit", (run) => {
    expectRecordedEpisodes(makeEnvironment(cartPole), run, 0);
    expectRecordedStates(cartPole, run, 0);
  });
});

test("is what Gymnasium calls CartPole-v1", () => {
  const { id, maxEpisodeSteps, rewardThreshold } = cartPole;
  expect({ id, maxEpisodeSteps, rewardThreshold }).toEqual({
    id: "CartPole-v1",
    maxEpisodeSteps: 500,
    rewardThreshold: 475,
  });
  const { observationSpace, actionSpace } = cartPole.make();
  expect(actionSpace.n).toBe(2);
  expect([...observationSpace.high]).toEqual([4.8, Infinity, 0.41887902047863906, Infinity].map(Math.fround));
  expect([...observationSpace.low]).toEqual([...observationSpace.high].map((bound) => -bound));
});

test("an action that is none names the environment, and its index in a vector; nothing has moved", () => {
  const environment = makeEnvironment(cartPole);
  environment.reset({ seed: 0 });
  expect(() => environment.step(2)).toThrow("action of CartPole-v1: expected an integer in [0, 2), got 2");
  expect(() => environment.step(Number.NaN)).toThrow("action of CartPole-v1: expected an integer in [0, 2), got NaN");

  const vector = makeVectorEnvironment(cartPole, 3);
  vector.reset({ seed: 0 });
  const before = vector.observations.slice();
  expect(() => {
    vector.step(Int32Array.of(0, 1, -1));
  }).toThrow("action of CartPole-v1, environment 2: expected an integer in [0, 2), got -1");
  expect(vector.observations).toEqual(before);
  vector.step(Int32Array.of(0, 1, 1));
  expect(vector.observations).not.toEqual(before);
});

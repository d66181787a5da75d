import { OptionError, ShapeError, StateError } from "@uphill/core-math";
import { describe, expect, test } from "vitest";
import { corridor } from "../test/corridor.js";
import { cartPole } from "./cart-pole.js";
import { makeVectorEnvironment } from "./make.js";
import type { Discrete } from "./spaces/discrete.js";
import type { AutoresetMode, VectorEnvironment, VectorResetOptions } from "./vector-environment.js";

const short = { ...cartPole, maxEpisodeSteps: 2 };
const noAction = Int32Array.of(0, 0);

test("same-step: the step that ends an episode shows the first observation of the next", () => {
  const vector = makeVectorEnvironment(short, 2);
  vector.reset({ seed: 1 });
  vector.step(noAction);
  vector.step(noAction);
  expect([...vector.truncated]).toEqual([1, 1]);
  expect(vector.finalObservations).not.toEqual(vector.observations);
});

test("next-step: the step after an end ignores its action and shows the first observation", () => {
  const [vector, same] = [makeVectorEnvironment(short, 2, { autoreset: "next-step" }), makeVectorEnvironment(short, 2)];
  vector.reset({ seed: 1 });
  same.reset({ seed: 1 });
  for (let t = 0; t < 2; t++) for (const one of [vector, same]) one.step(noAction);
  expect([...vector.truncated]).toEqual([1, 1]);
  expect(vector.observations).toEqual(same.finalObservations);
  vector.step(Int32Array.of(1, 0));
  expect(vector.observations).toEqual(same.observations);
  expect([...vector.rewards, ...vector.terminated, ...vector.truncated]).toEqual([0, 0, 0, 0, 0, 0]);
});

test("disabled: an ended environment waits for a reset by mask, and the others carry on", () => {
  const vector = makeVectorEnvironment(short, 2, { autoreset: "disabled" });
  vector.reset({ seed: [1, 5] });
  vector.step(noAction);
  vector.reset({ mask: [1, 0], seed: [7, 7] });
  vector.step(noAction);
  expect([...vector.truncated]).toEqual([0, 1]);
  expect(() => {
    vector.step(noAction);
  }).toThrow(
    new StateError("step of CartPole-v1, environment 1: expected a reset first, as no episode is under way"),
  );
  vector.reset({ mask: vector.truncated });
  vector.step(noAction);
  expect([...vector.truncated]).toEqual([1, 0]);
});

test("a list of seeds is one for each environment", () => {
  const [vector, other] = [makeVectorEnvironment(corridor, 2), makeVectorEnvironment(corridor, 2)];
  vector.reset({ seed: [4, 5] });
  other.reset({ seed: 4 });
  expect(vector.observations).toEqual(other.observations);
  vector.reset({ seed: Float64Array.of(5, 4) });
  expect(vector.observations.subarray(0, 2)).toEqual(other.observations.subarray(2));
});

describe("what the types say", () => {
  test("a vector of another mode is none of the same step, and has no mask", () => {
    const learn = (vector: VectorEnvironment<Discrete>): AutoresetMode => vector.autoreset;
    const next = makeVectorEnvironment(short, 1, { autoreset: "next-step" });
    // @ts-expect-error -- `learn` needs the observations of the same step
    expect(learn(next)).toBe("next-step");
    // @ts-expect-error -- a mask resets what the vector resets by itself
    expect(() => next.reset({ mask: [1] })).toThrow(
      new OptionError("mask of CartPole-v1: expected none where autoreset is next-step, got one"),
    );
  });
});

describe("what is refused", () => {
  const vector = makeVectorEnvironment(cartPole, 2, { autoreset: "disabled" });
  const reset = (options: unknown) => () => {
    vector.reset(options as VectorResetOptions<"disabled">);
  };

  test.each<[unknown, string]>([
    [{ seed: [1] }, "seed of CartPole-v1: expected length 2, got [1]"],
    [{ seed: [1, -1] }, "seed of CartPole-v1, environment 1: expected an integer in [0, 9007199254740991], got -1"],
    [{ seed: [1, 0.5] }, "seed of CartPole-v1, environment 1: expected an integer in [0, 9007199254740991], got 0.5"],
    [{ seed: "1" }, 'seed of CartPole-v1: expected an integer in [0, 9007199254740990], got "1"'],
    [{ seed: null }, "seed of CartPole-v1: expected an array or typed array of numbers, got null"],
    [{ mask: [1] }, "mask of CartPole-v1: expected length 2, got [1]"],
    [{ mask: [1, 2] }, "mask of CartPole-v1, environment 1: expected 0 or 1, got 2"],
    [{ masks: [1, 1] }, "reset options of CartPole-v1: expected only seed and mask, got masks"],
    [5, "reset options of CartPole-v1: expected an object, got 5"],
  ])("reset(%j)", (options, message) => {
    expect(reset(options)).toThrow(message);
    expect(reset({ seed: [1] })).toThrow(ShapeError);
  });

  test("a mode that is none", () => {
    expect(() => makeVectorEnvironment(cartPole, 2, { autoreset: "never" as "disabled" })).toThrow(
      'autoreset: expected one of "same-step", "next-step", "disabled", got "never"',
    );
    expect(() => makeVectorEnvironment(cartPole, 2, null as unknown as object)).toThrow("options: expected an object");
  });

  test("a first reset of some leaves the others waiting", () => {
    vector.reset({ mask: [0, 1] });
    expect(() => {
      vector.step(noAction);
    }).toThrow("step of CartPole-v1, environment 0: expected a reset first");
  });
});

describe("stepAsync", () => {
  test("is step, and until it settles other calls wait", async () => {
    const [vector, other] = [makeVectorEnvironment(cartPole, 2), makeVectorEnvironment(cartPole, 2)];
    vector.reset({ seed: 3 });
    other.reset({ seed: 3 });
    for (let t = 0; t < 30; t++) {
      const step = vector.stepAsync(noAction);
      expect(() => {
        vector.step(noAction);
      }).toThrow("step of CartPole-v1: expected the step under way to end first");
      expect(() => {
        vector.reset();
      }).toThrow(StateError);
      await step;
      other.step(noAction);
      expect([vector.observations, vector.terminated]).toEqual([other.observations, other.terminated]);
    }
    const last = vector.stepAsync(noAction);
    vector.close();
    await expect(last).rejects.toThrow("stepAsync of CartPole-v1: expected an open environment, but it was closed");
  });

  test("rejects with what step throws", async () => {
    const vector = makeVectorEnvironment(cartPole, 2);
    await expect(vector.stepAsync(noAction)).rejects.toThrow("stepAsync of CartPole-v1: expected a reset first");
    vector.reset();
    await expect(vector.stepAsync(Int32Array.of(0, 2))).rejects.toThrow(
      "action of CartPole-v1, environment 1: expected an integer in [0, 2), got 2",
    );
  });
});

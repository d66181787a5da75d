import { OptionError, Random, ShapeError } from "@uphill/core-math";
import { describe, expect, test } from "vitest";
import { environmentContract } from "../test/environment-contract.js";
import { locks } from "../test/locks.js";
import { makeEnvironment, makeVectorEnvironment } from "./make.js";
import { actionAt, emptyActions } from "./spaces/actions-of.js";
import { box } from "./spaces/box.js";
import { discrete } from "./spaces/discrete.js";
import { multiBinary } from "./spaces/multi-binary.js";
import { multiDiscrete } from "./spaces/multi-discrete.js";
import { recordEpisodes } from "./wrappers/record-episodes.js";
import { transformAction } from "./wrappers/transform.js";

const digits = locks(multiDiscrete([3, 2, 4]));
const bits = locks(multiBinary(2));

test("several choices at once: an Int32Array for one environment, one row each for many", () => {
  const environment = makeEnvironment(digits);
  const shown = environment.reset({ seed: 1 });
  expect(environment.step(Int32Array.from(shown))).toMatchObject({ reward: 1, terminated: true });

  const vector = makeVectorEnvironment(bits, 3);
  vector.reset({ seed: 1 });
  const right = Int32Array.from(vector.observations);
  right[3] = 1 - right[3];
  vector.step(right);
  expect([...vector.rewards]).toEqual([1, 0.5, 1]);
  expect([...vector.terminated]).toEqual([1, 0, 1]);
});

environmentContract(digits, 2);
environmentContract(bits, 2);
const turned = transformAction(digits, multiDiscrete([3, 2, 4]), ([a, b, c]) => Int32Array.of(2 - a, 1 - b, 3 - c));
environmentContract({ ...turned, id: "Locks-v0, turned" }, 2);

test("actions of every space, empty and one by one", () => {
  const random = new Random(1);
  for (const space of [box({ low: [0, 0], high: [1, 1] }), discrete(5), multiDiscrete([3, 2]), multiBinary(4)]) {
    const samples = Array.from({ length: 3 }, () => space.sample(random));
    const actions = emptyActions(space, 3);
    expect(actions.length).toBe(3 * space.size);
    samples.forEach((sample, i) => actions.set(typeof sample === "number" ? [sample] : sample, i * space.size));
    expect(samples.map((_, i) => actionAt(space, actions, i))).toEqual(samples);
  }
});

test("choices are recorded as lists", () => {
  const lines: string[] = [];
  const environment = makeEnvironment(recordEpisodes(digits, (line) => lines.push(line)));
  const shown = environment.reset({ seed: 3 });
  environment.step(Int32Array.from(shown));
  expect(JSON.parse(lines[0])).toMatchObject({ actions: [[...shown]], rewards: [1], terminated: true });
});

describe("errors name the environment, its index and the element", () => {
  const single = makeEnvironment(digits);
  const vector = makeVectorEnvironment(digits, 2);
  single.reset({ seed: 0 });
  vector.reset({ seed: 0 });

  test.each([
    [Int32Array.of(0, 2, 0), OptionError, "action of Locks-v0, element 1: expected an integer in [0, 2), got 2"],
    [Int32Array.of(0, 0, -1), OptionError, "action of Locks-v0, element 2: expected an integer in [0, 4), got -1"],
    [Int32Array.of(0, 0), ShapeError, "action of Locks-v0: expected an Int32Array of 3 choices, got "],
    [[0, 0, 0], OptionError, "action of Locks-v0: expected an Int32Array of 3 choices, got "],
    [1, OptionError, "action of Locks-v0: expected an Int32Array of 3 choices, got 1"],
  ])("%s alone", (action, kind, message) => {
    const step = (): unknown => single.step(action as Int32Array);
    expect(step).toThrow(kind);
    expect(step).toThrow(message);
  });

  test.each([
    [Int32Array.of(0, 0, 0, 3, 0, 0), "action of Locks-v0, environment 1, element 0: expected an integer in [0, 3), got 3"],
    [Int32Array.of(0, 0, 0), "actions of Locks-v0: expected length 6, got "],
    [new Float32Array(6), "actions of Locks-v0: expected an Int32Array of length 6, got "],
  ])("%s in a vector", (actions, message) => {
    expect(() => vector.step(actions as Int32Array)).toThrow(message);
  });

  test("a transform that gives none", () => {
    const short = makeEnvironment(transformAction(digits, discrete(2), () => Int32Array.of(0)));
    short.reset();
    expect(() => short.step(0)).toThrow("action of Locks-v0, as its wrapper gave it, environment 0, element 0");
  });
});

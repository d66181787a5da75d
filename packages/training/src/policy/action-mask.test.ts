import { evaluate, input } from "@uphill/autodiff";
import { OptionError, ShapeError } from "@uphill/core-math";
import { box, discrete } from "@uphill/envs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ActionMask } from "./action-mask.js";

const mask = new ActionMask(box({ low: [-2, -3, 0, 0, 0], high: [2, 3, 1, 1, 1] }), discrete(3));

test("example: two numbers and a mask of three actions", () => {
  const observation = input("observation", ["batch", 5]);
  const feeds = { observation: [0.5, -1, 1, 0, 1] };
  expect(evaluate(mask.seen(observation), feeds)).toEqual(Float64Array.of(0.5, -1));
  expect([...(evaluate(mask.mask(observation), feeds) as Int32Array)]).toEqual([1, 0, 1]);
  expect(mask.mask(observation)).toMatchObject({ dtype: "int32", shape: ["batch", 3] });
  expect([mask.seenSpace.size, [...mask.seenSpace.low], [...mask.seenSpace.high]]).toEqual([2, [-2, -3], [2, 3]]);
  expect(() => mask.requireAllowed("Doors-v0", feeds.observation)).not.toThrow();
});

test("rows are divided as expressions are, and each must allow something", () => {
  const observation = input("observation", ["batch", 5]);
  const row = fc.tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -3, max: 3 }), fc.nat(1), fc.nat(1), fc.nat(1));
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
      const numbers = Float32Array.from(rows.flat());
      expect([...mask.seenRows(numbers)]).toEqual([...(evaluate(mask.seen(observation), { observation: numbers }) as Float64Array)]);
      const closed = rows.findIndex(([, , a, b, c]) => a + b + c === 0);
      const check = () => mask.requireAllowed("Doors-v0", numbers);
      if (closed < 0) expect(check).not.toThrow();
      else expect(check).toThrow(`action mask of Doors-v0, environment ${closed}: expected at least one allowed action, got none`);
    }),
  );
});

describe("errors", () => {
  test("what is no mask names environment and index", () => {
    expect(() => mask.requireAllowed("Doors-v0", [0, 0, 1, 1, 1, 0, 0, 1, 0.5, 0])).toThrow(
      new OptionError("action mask of Doors-v0, environment 1: expected zeros and ones, got 0.5"),
    );
  });

  test("spaces without room for one", () => {
    expect(() => new ActionMask(box({ low: 0, high: 1, shape: [3] }), discrete(3))).toThrow(
      new OptionError("maskActions: expected observations that end with a mask of 3 actions, got 3 numbers"),
    );
    expect(() => new ActionMask(box({ low: [0, 0, 0, -2, 0], high: [9, 1, 1, 2, 1] }), discrete(3))).toThrow(
      new OptionError("maskActions: expected observations that end with a mask of 3 actions, each 0 or 1, got number 3 in [-2, 2]"),
    );
    expect(() => new ActionMask(box({ low: 0, high: 1, shape: [3] }), box({ low: 0, high: 1 }))).toThrow(
      new OptionError("maskActions: expected a discrete action space, got a box"),
    );
  });

  test("expressions of another length", () => {
    expect(() => mask.seen(input("observation", ["batch", 4]))).toThrow(ShapeError);
    expect(() => mask.mask(input("observation", ["batch", 4]))).toThrow(ShapeError);
  });
});

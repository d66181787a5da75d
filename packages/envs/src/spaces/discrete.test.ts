import { FormatError, OptionError, Random } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { box } from "./box.js";
import { discrete } from "./discrete.js";
import { spaceFromJSON } from "./space.js";

const sizes = fc.integer({ min: 1, max: 2 ** 31 - 1 });

test("three choices", () => {
  const space = discrete(3);
  expect([0, 1, 2].every((choice) => space.contains(choice))).toBe(true);
  expect([3, -1, 0.5, Number.NaN, "1", 1n, null, Int32Array.of(1)].some((other) => space.contains(other))).toBe(false);
});

test("every sample is contained, and one seed gives one sequence", () => {
  fc.assert(
    fc.property(sizes, fc.nat(), (n, seed) => {
      const space = discrete(n);
      const sample = space.sample(new Random(seed));
      expect(space.contains(sample)).toBe(true);
      expect(space.sample(new Random(seed))).toBe(sample);
    }),
  );
});

test("every choice is drawn", () => {
  const random = new Random(0);
  const space = discrete(4);
  expect(new Set(Array.from({ length: 100 }, () => space.sample(random)))).toEqual(new Set([0, 1, 2, 3]));
});

test("equals itself come back from JSON, and no other", () => {
  fc.assert(
    fc.property(sizes, (n) => {
      expect(spaceFromJSON(JSON.parse(JSON.stringify(discrete(n)))).equals(discrete(n))).toBe(true);
    }),
  );
  expect(discrete(2).equals(discrete(3))).toBe(false);
  expect(discrete(2).equals(box({ low: 0, high: 2 }))).toBe(false);
});

test("sizes that make no space", () => {
  for (const n of [0, -1, 1.5, Number.NaN, Infinity, 2 ** 31, "2" as unknown as number]) {
    expect(() => discrete(n)).toThrow(OptionError);
  }
});

test("JSON that is no space", () => {
  const wrong = [null, 5, [], {}, { kind: "tuple" }, { kind: "discrete" }, { kind: "discrete", n: 0 }, { kind: "box" }];
  const boxes = [
    { kind: "box", shape: [1], low: ["x"], high: [1] },
    { kind: "box", shape: [1], low: [2], high: [1] },
    { kind: "box", shape: [2], low: [0], high: [1] },
    { kind: "box", shape: ["1"], low: [0], high: [1] },
  ];
  for (const json of [...wrong, ...boxes]) expect(() => spaceFromJSON(json)).toThrow(FormatError);
});

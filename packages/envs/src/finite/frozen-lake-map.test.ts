import { readFileSync } from "node:fs";
import { OptionError } from "@uphill/core-math";
import { valueIteration } from "@uphill/tabular";
import fc from "fast-check";
import { expect, test } from "vitest";
import { frozenLakeWith } from "./frozen-lake.js";
import { frozenLakeMap, type FrozenLakeMapOptions } from "./frozen-lake-map.js";

const recorded = (
  JSON.parse(readFileSync(new URL("../../test/reference/frozen-lake-maps.json", import.meta.url), "utf8")) as {
    readonly maps: readonly (Required<FrozenLakeMapOptions> & { readonly map: readonly string[] })[];
  }
).maps;

test("a frozen lake without holes", () => {
  expect(frozenLakeMap({ size: 3, frozen: 1, seed: 0 })).toEqual(["SFF", "FFF", "FFG"]);
});

test("every map has a start, a goal, and a way between them", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 2, max: 6 }), fc.double({ min: 0.4, max: 1 }), (seed, size, frozen) => {
      const map = frozenLakeMap({ size, frozen, seed });
      expect([map.length, map[0][0], map[size - 1][size - 1]]).toEqual([size, "S", "G"]);
      const { value } = valueIteration(frozenLakeWith({ map, slippery: false }).mdp(0.9));
      expect(value[0]).toBeGreaterThan(0);
    }),
    { numRuns: 30 },
  );
});

test.each(recorded)("Gymnasium's map of size $size, $frozen frozen, seed $seed", ({ size, frozen, seed, map }) => {
  expect(frozenLakeMap({ size, frozen, seed })).toEqual(map);
});

test("what makes no map", () => {
  expect(() => frozenLakeMap({ size: 1, seed: 0 })).toThrow("size: expected an integer in [2, 64], got 1");
  expect(() => frozenLakeMap({ frozen: 0, seed: 0 })).toThrow("frozen: expected a finite number in (0, 1], got 0");
  expect(() => frozenLakeMap({ seed: -1 })).toThrow(new OptionError("seed: expected an integer ≥ 0, got -1"));
  expect(() => frozenLakeMap({ size: 8, frozen: 0.01, seed: 0 })).toThrow("leaves a way to the goal, got 0.01");
});

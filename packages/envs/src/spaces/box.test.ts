import { OptionError, Random, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Box, box } from "./box.js";
import { discrete } from "./discrete.js";
import { spaceFromJSON } from "./space.js";

const bounds = fc
  .array(fc.tuple(fc.float({ noNaN: true }), fc.float({ noNaN: true })), { minLength: 1, maxLength: 5 })
  .map((pairs) =>
    pairs.map(([a, b]) => ({
      low: Math.min(a, b) === Infinity ? 0 : Math.min(a, b),
      high: Math.max(a, b) === -Infinity ? 0 : Math.max(a, b),
    })),
  );
const boxes = bounds.map((pairs) => box({ low: pairs.map(({ low }) => low), high: pairs.map(({ high }) => high) }));

test("a box of two", () => {
  const space = box({ low: [0, -Infinity], high: 1 });
  expect(space.shape).toEqual([2]);
  expect(space.contains(Float32Array.of(0.5, -1e30))).toBe(true);
  expect(space.contains(Float32Array.of(-0.5, 0))).toBe(false);
});

test("numbers alone make a box of one; a shape makes it as large as it says", () => {
  expect(box({ low: -2, high: 2 }).shape).toEqual([1]);
  expect(box({ low: -2, high: 2, shape: [2, 3] }).size).toBe(6);
});

test("contains only finite float32 vectors of its size", () => {
  const space = box({ low: [-Infinity], high: [Infinity] });
  const others = [Float32Array.of(1, 2), Float64Array.of(1), [1], 1, null, undefined, "1"];
  for (const other of [...others, Float32Array.of(Number.NaN), Float32Array.of(Infinity)]) {
    expect(space.contains(other)).toBe(false);
  }
});

test("every sample is contained, and one seed gives one sequence", () => {
  fc.assert(
    fc.property(boxes, fc.nat(), (space, seed) => {
      const [first, second] = [new Random(seed), new Random(seed)];
      for (let i = 0; i < 10; i++) {
        const sample = space.sample(first);
        expect(space.contains(sample)).toBe(true);
        expect(space.sample(second)).toEqual(sample);
      }
    }),
  );
});

test("samples fill the bounds", () => {
  const random = new Random(1);
  const space = box({ low: [-1, -Infinity, 5], high: [1, 0, Infinity] });
  const samples = Array.from({ length: 2000 }, () => space.sample(random));
  const mean = (i: number): number => samples.reduce((sum, sample) => sum + sample[i], 0) / samples.length;
  expect(mean(0)).toBeCloseTo(0, 1); // uniform
  expect(mean(1)).toBeCloseTo(-1, 0.9); // 0 minus an exponential
  expect(mean(2)).toBeCloseTo(6, 0.9); // 5 plus an exponential
});

test("clip gives a point of the box, and leaves points of it alone", () => {
  fc.assert(
    fc.property(boxes, fc.nat(), (space, seed) => {
      const random = new Random(seed);
      const anywhere = Float32Array.from({ length: space.size }, () => 1e3 * random.standardNormal());
      const clipped = space.clip(anywhere);
      expect(clipped.every((x, i) => x >= space.low[i] && x <= space.high[i])).toBe(true);
      const sample = space.sample(random);
      expect(space.clip(sample)).toEqual(sample);
    }),
  );
});

test("equals itself come back from JSON, and no other", () => {
  fc.assert(
    fc.property(boxes, (space) => {
      const copy = spaceFromJSON(JSON.parse(JSON.stringify(space)));
      expect(copy.equals(space)).toBe(true);
      expect(space.equals(copy)).toBe(true);
    }),
  );
  const space = box({ low: [0, 0], high: [1, 1] });
  const others = [box({ low: [0, 0], high: [1, 2] }), box({ low: 0, high: 1, shape: [2, 1] }), discrete(2), null];
  for (const other of others) expect(space.equals(other)).toBe(false);
});

test("later changes to the arrays it was made from do not reach it", () => {
  const low = [0, 0];
  const space = new Box({ low, high: 1 });
  low[0] = 5;
  expect([...space.low]).toEqual([0, 0]);
});

test("bounds and shapes that make no box", () => {
  expect(() => box({ low: Number.NaN, high: 1 })).toThrow(new OptionError("low: expected a number, got NaN"));
  expect(() => box({ low: [0, 2], high: 1 })).toThrow(
    new OptionError("low[1]: expected a number ≤ high[1] = 1, got 2"),
  );
  expect(() => box({ low: Infinity, high: Infinity })).toThrow(OptionError);
  expect(() => box({ low: -Infinity, high: -Infinity })).toThrow(OptionError);
  expect(() => box({ low: [0, 0], high: [1] })).toThrow(new ShapeError("high: expected 2 elements, got [1]"));
  expect(() => box({ low: [], high: [] })).toThrow("shape[0]: expected an integer ≥ 1, got 0");
  expect(() => box({ low: 0, high: 1, shape: [1.5] })).toThrow(OptionError);
  expect(() => box({ low: "0" as unknown as number, high: 1 })).toThrow('low: expected a number, got "0"');
  expect(() => box(undefined as unknown as { low: 0; high: 1 })).toThrow("options: expected an object, got undefined");
  expect(() => box({ low: 0, high: 1 }).clip(Float32Array.of(1, 2))).toThrow(ShapeError);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { median, medianRatio, quantile } from "./statistics.js";

test("quantiles are interpolated between neighbours", () => {
  expect(median([4, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(quantile([0, 10, 20], 0.25)).toBe(5);
  expect(quantile([7], 0.95)).toBe(7);
});

test("a ratio does not change with the machine's speed", () => {
  const speeds = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 9 });
  fc.assert(fc.property(speeds, (slow) => medianRatio(slow.map((s) => 6 * s), slow.map((s) => 2 * s)) === 3));
});

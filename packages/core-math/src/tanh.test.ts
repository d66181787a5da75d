import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digest, expectWithin, expectWithinAtAllMagnitudes, referenceValues } from "../test/elementary.js";
import { trueTanh, ulpError } from "../test/high-precision.js";
import { tanh } from "./tanh.js";

test("one half and beyond", () => {
  expect(tanh(0.5)).toBe(0.46211715726000974);
  expect(tanh(20)).toBe(1);
});

describe("laws", () => {
  test.each([
    ["by the series", { min: -0.125, max: 0.125 }],
    ["just above it", { min: 0.125, max: 0.25 }],
    ["everyday", { min: -4, max: 4 }],
    ["towards 1", { min: 2.9, max: 20 }],
  ])("within 0.6 units in the last place: %s", (_, range) => {
    expectWithin(0.6, tanh, trueTanh, range);
  });

  test("within 0.6 units in the last place at all magnitudes", () => {
    expectWithinAtAllMagnitudes(0.6, tanh, trueTanh, { min: -1074, max: 1023 });
  });

  test("is odd, to the bit, and within [−1, 1]", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (x) => {
        expect(tanh(-x)).toBe(-tanh(x));
        expect(Math.abs(tanh(x))).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("the same bits in every engine", () => {
    expect(digest(tanh, -5, 5)).toBe("9f2e02c5");
  });
});

test.each(referenceValues("tanh"))("mpmath's value at $values", ({ values, truth }) => {
  expect(ulpError(tanh(values[0]), truth)).toBeLessThanOrEqual(0.6);
});

test.each([
  [0, 0],
  [-0, -0],
  [Infinity, 1],
  [-Infinity, -1],
  [Number.NaN, Number.NaN],
  [5e-324, 5e-324],
  [1e308, 1],
])("tanh(%d) is %d", (x, value) => {
  expect(tanh(x)).toBe(value);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digest, evenly, referenceValues } from "../test/elementary.js";
import { ulpError } from "../test/high-precision.js";
import { expectRelative, expectScipys } from "../test/special.js";
import { inverseSoftplus, softplus } from "./softplus.js";

test("zero, and its inverse", () => {
  expect(softplus(0)).toBe(Math.LN2);
  expect(softplus(1000)).toBe(1000);
  expectRelative(inverseSoftplus(1), 0.5413248546129181);
});

describe("laws", () => {
  test("softplus(x) − softplus(−x) = x", () => {
    fc.assert(
      fc.property(evenly({ min: -700, max: 700 }), (x) => {
        expectRelative(softplus(x) - softplus(-x), x, 1e-15, 1e-15);
      }),
    );
  });

  test("the inverse inverts, from either side", () => {
    fc.assert(
      fc.property(evenly({ min: -700, max: 700 }), evenly({ min: -1000, max: 10 }), (x, exponent) => {
        expectRelative(inverseSoftplus(softplus(x)), x, 1e-14, 1e-15);
        const y = 2 ** exponent;
        // Where y is small its inverse is large and negative: the rounding of that is one of y's too, as many times.
        expectRelative(softplus(inverseSoftplus(y)), y, 2e-16 * Math.max(10, -exponent));
      }),
    );
  });

  test("lies above max(x, 0), and never falls", () => {
    fc.assert(
      fc.property(evenly({ min: -740, max: 740 }), evenly({ min: 1e-9, max: 1 }), (x, step) => {
        expect(softplus(x)).toBeGreaterThanOrEqual(Math.max(x, 0));
        expect(softplus(x)).toBeGreaterThan(0);
        expect(softplus(x + step)).toBeGreaterThanOrEqual(softplus(x));
      }),
    );
  });

  test("the same bits in every engine", () => {
    expect(digest(softplus, -20, 20)).toBe("68116952");
    expect(digest(inverseSoftplus, 0, 20)).toBe("35cf0a64");
  });
});

test.each(referenceValues("softplus"))("mpmath's value at $values", ({ values, truth }) => {
  expect(ulpError(softplus(values[0]), truth)).toBeLessThanOrEqual(2);
});

test.each(referenceValues("inverseSoftplus"))("mpmath's inverse at $values", ({ values, truth }) => {
  expect(ulpError(inverseSoftplus(values[0]), truth)).toBeLessThanOrEqual(3);
});

test("SciPy's values", () => {
  expectScipys("softplus", softplus);
});

test.each([
  [Infinity, Infinity, Infinity],
  [-Infinity, 0, Number.NaN],
  [1e308, 1e308, 1e308],
  [-1e308, 0, Number.NaN],
  [0, Math.LN2, -Infinity],
  [Number.NaN, Number.NaN, Number.NaN],
])("softplus and its inverse at %d", (x, value, inverse) => {
  expect(softplus(x)).toBe(value);
  expect(inverseSoftplus(x)).toBe(inverse);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digest, evenly, referenceValues } from "../test/elementary.js";
import { ulpError } from "../test/high-precision.js";
import { expectRelative, expectScipys } from "../test/special.js";
import { erf, erfc } from "./error-function.js";

test("one half, and the tail", () => {
  expect(erf(0.5)).toBe(0.5204998778130465);
  expectRelative(erfc(10), 2.088487583762545e-45);
});

describe("laws", () => {
  test("erf is odd, to the bit, never falls, and stays within [−1, 1]", () => {
    fc.assert(
      fc.property(evenly({ min: -7, max: 7 }), evenly({ min: 0, max: 0.1 }), (x, step) => {
        expect(erf(-x)).toBe(-erf(x));
        expect(erf(x + step)).toBeGreaterThanOrEqual(erf(x) - 2 ** -52);
        expect(Math.abs(erf(x))).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("erf x + erfc x = 1 and erfc x + erfc(−x) = 2", () => {
    fc.assert(
      fc.property(evenly({ min: -7, max: 7 }), (x) => {
        expectRelative(erf(x) + erfc(x), 1, 1e-15);
        expectRelative(erfc(x) + erfc(-x), 2, 1e-15);
      }),
    );
  });

  test("erfc lies between the first two partial sums of its asymptotic series, where that divides exp(−x²)/(x√π)", () => {
    fc.assert(
      fc.property(evenly({ min: 6, max: 26 }), (x) => {
        const log = Math.log(erfc(x) * x * Math.sqrt(Math.PI)) + x * x;
        expect(log).toBeLessThan(1e-10);
        expect(log).toBeGreaterThan(Math.log1p(-0.5 / (x * x)) - 1e-10);
      }),
    );
  });

  test("the same bits in every engine", () => {
    expect(digest(erf, -6, 6)).toBe("94355a78");
    expect(digest(erfc, -6, 27)).toBe("61f9dcc1");
  });
});

test.each(referenceValues("erf"))("mpmath's erf at $values", ({ values, truth }) => {
  expect(ulpError(erf(values[0]), truth)).toBeLessThanOrEqual(2);
});

test.each(referenceValues("erfc"))("mpmath's erfc at $values", ({ values, truth }) => {
  expect(ulpError(erfc(values[0]), truth)).toBeLessThanOrEqual(3);
});

test("SciPy's values", () => {
  expectScipys("erf", erf);
  expectScipys("erfc", erfc);
});

test.each([
  [0, 0, 1],
  [-0, -0, 1],
  [Infinity, 1, 0],
  [-Infinity, -1, 2],
  [Number.NaN, Number.NaN, Number.NaN],
  [1e308, 1, 0],
  [-1e308, -1, 2],
  [27.3, 1, 0],
])("erf and erfc at %d", (x, value, complement) => {
  expect(erf(x)).toBe(value);
  expect(erfc(x)).toBe(complement);
});

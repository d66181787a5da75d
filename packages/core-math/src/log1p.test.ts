import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digest, evenly, referenceValues } from "../test/elementary.js";
import { ulpError } from "../test/high-precision.js";
import { expectRelative, expectScipys } from "../test/special.js";
import { expm1 } from "./exp.js";
import { log1p } from "./log1p.js";

test("a trifle more than one", () => {
  expect(log1p(1e-20)).toBe(1e-20);
  expect(log1p(1)).toBe(Math.LN2);
});

describe("laws", () => {
  test("is the inverse of expm1, at all magnitudes", () => {
    fc.assert(
      fc.property(evenly({ min: -200, max: 5 }), fc.constantFrom(-1, 1), (exponent, sign) => {
        const x = sign * 2 ** exponent;
        // Towards −1, where expm1 levels off, its rounding counts for e^−x times as much.
        expectRelative(log1p(expm1(x)), x, 1e-15 * Math.max(1, Math.exp(-x)));
      }),
    );
  });

  test("log(1 + x) + log(1 + y) = log(1 + x + y + xy)", () => {
    fc.assert(
      fc.property(evenly({ min: 0, max: 1 }), evenly({ min: 0, max: 1 }), (x, y) => {
        expectRelative(log1p(x) + log1p(y), log1p(x + y + x * y), 1e-14);
      }),
    );
  });

  test("the same bits in every engine", () => {
    expect(digest(log1p, -1, 3)).toBe("6324b09c");
  });
});

test.each(referenceValues("log1p"))("mpmath's value at $values", ({ values, truth }) => {
  expect(ulpError(log1p(values[0]), truth)).toBeLessThanOrEqual(0.6);
});

test("SciPy's values", () => {
  expectScipys("log1p", log1p);
});

test.each([
  [0, 0],
  [-0, -0],
  [-1, -Infinity],
  [-1.1, Number.NaN],
  [Infinity, Infinity],
  [-Infinity, Number.NaN],
  [Number.NaN, Number.NaN],
])("log(1 + %d) is %d", (x, value) => {
  expect(log1p(x)).toBe(value);
});

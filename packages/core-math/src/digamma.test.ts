import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digest, evenly, referenceValues } from "../test/elementary.js";
import { ulpError } from "../test/high-precision.js";
import { expectRelative, expectScipys } from "../test/special.js";
import { digamma, trigamma } from "./digamma.js";
import { logGamma } from "./log-gamma.js";

test("ψ(1) = −γ and ψ′(1) = π²/6", () => {
  expectRelative(digamma(1), -0.5772156649015329);
  expectRelative(trigamma(1), Math.PI ** 2 / 6);
});

describe("laws", () => {
  test("ψ(x + 1) = ψ(x) + 1/x and ψ′(x + 1) = ψ′(x) − 1/x²", () => {
    fc.assert(
      fc.property(evenly({ min: 1e-3, max: 40 }), (x) => {
        expectRelative(digamma(x + 1), digamma(x) + 1 / x, 1e-13, 1e-15 / x + 1e-14);
        expectRelative(trigamma(x + 1), trigamma(x) - 1 / (x * x), 1e-12, (1e-15 / x) / x);
      }),
    );
  });

  test("ψ is the slope of log Γ, ψ′ that of ψ", () => {
    fc.assert(
      fc.property(evenly({ min: 0.5, max: 40 }), (x) => {
        const step = 1e-4 * x;
        const slope = (f: (y: number) => number): number => (f(x + step) - f(x - step)) / (2 * step);
        // A difference over 2e-4 x leaves x²/6 · 1e-8 of the third derivative, and a rounding of 1e-16/1e-4.
        expectRelative(digamma(x), slope(logGamma), 1e-7, 1e-7);
        expectRelative(trigamma(x), slope(digamma), 1e-7);
      }),
    );
  });

  test("duplication: 2 ψ(2x) = ψ(x) + ψ(x + ½) + 2 log 2", () => {
    fc.assert(
      fc.property(evenly({ min: 1e-2, max: 40 }), (x) => {
        expectRelative(2 * digamma(2 * x), digamma(x) + digamma(x + 0.5) + 2 * Math.LN2, 1e-13, 1e-13);
        expectRelative(4 * trigamma(2 * x), trigamma(x) + trigamma(x + 0.5), 1e-14);
      }),
    );
  });

  test("the same bits in every engine", () => {
    expect(digest(digamma, 0, 20)).toBe("f120f653");
    expect(digest(trigamma, 0, 20)).toBe("fb16070d");
  });
});

test.each(referenceValues("digamma"))("mpmath's ψ at $values", ({ values, truth }) => {
  expect(ulpError(digamma(values[0]), truth)).toBeLessThanOrEqual(50);
});

test.each(referenceValues("trigamma"))("mpmath's ψ′ at $values", ({ values, truth }) => {
  expect(ulpError(trigamma(values[0]), truth)).toBeLessThanOrEqual(5);
});

test("SciPy's values", () => {
  expectScipys("digamma", digamma);
});

test.each([
  [0, -Infinity, Infinity],
  [Infinity, Infinity, 0],
  [-0.5, Number.NaN, Number.NaN],
  [-Infinity, Number.NaN, Number.NaN],
  [Number.NaN, Number.NaN, Number.NaN],
])("ψ and ψ′ at %d", (x, value, slope) => {
  expect(digamma(x)).toBe(value);
  expect(trigamma(x)).toBe(slope);
});

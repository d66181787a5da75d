import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digest, evenly, referenceValues } from "../test/elementary.js";
import { ulpError } from "../test/high-precision.js";
import { expectRelative, expectScipys } from "../test/special.js";
import { logGamma } from "./log-gamma.js";
import { log } from "./log.js";

test("Γ(½) = √π, and factorials", () => {
  expectRelative(logGamma(0.5), 0.5 * log(Math.PI));
  for (let n = 2, factorial = 1; n < 20; factorial *= n, n++) expectRelative(logGamma(n), log(factorial), 1e-14);
});

describe("laws", () => {
  test("Γ(x + 1) = x Γ(x)", () => {
    fc.assert(
      fc.property(evenly({ min: 1e-3, max: 40 }), (x) => {
        expectRelative(logGamma(x + 1), logGamma(x) + log(x), 1e-14, 1e-14);
      }),
    );
  });

  test("Legendre's duplication: Γ(x) Γ(x + ½) = 2^(1−2x) √π Γ(2x)", () => {
    fc.assert(
      fc.property(evenly({ min: 1e-3, max: 40 }), (x) => {
        const doubled = logGamma(2 * x) + (1 - 2 * x) * log(2) + 0.5 * log(Math.PI);
        expectRelative(logGamma(x) + logGamma(x + 0.5), doubled, 1e-13, 1e-13);
      }),
    );
  });

  test("is convex", () => {
    fc.assert(
      fc.property(evenly({ min: 1e-3, max: 40 }), evenly({ min: 1e-3, max: 40 }), (a, b) => {
        const chord = (logGamma(a) + logGamma(b)) / 2;
        expect(logGamma((a + b) / 2)).toBeLessThanOrEqual(chord + 1e-14 * Math.max(1, Math.abs(chord)));
      }),
    );
  });

  test("the same bits in every engine", () => {
    expect(digest(logGamma, 0, 20)).toBe("acf81aa7");
  });
});

test.each(referenceValues("logGamma"))("mpmath's value at $values", ({ values, truth }) => {
  expect(ulpError(logGamma(values[0]), truth)).toBeLessThanOrEqual(6);
});

test("SciPy's values", () => {
  expectScipys("gammaln", logGamma);
});

test.each([
  [0, Infinity],
  [1, 0],
  [2, 0],
  [Infinity, Infinity],
  [1e308, Infinity],
  [-0.5, Number.NaN],
  [-Infinity, Number.NaN],
  [Number.NaN, Number.NaN],
])("log Γ(%d) is %d", (x, value) => {
  expect(logGamma(x) + 0).toBe(value);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digest, evenly, referenceValues } from "../test/elementary.js";
import { ulpError } from "../test/high-precision.js";
import { expectRelative, expectScipys } from "../test/special.js";
import { erfc } from "./error-function.js";
import { log } from "./log.js";
import { logNormalCdf, normalCdf } from "./normal-cdf.js";

test("the middle, and two standard deviations", () => {
  expect(normalCdf(0)).toBe(0.5);
  expectRelative(normalCdf(-1.96), 0.024997895148220435);
  expectRelative(logNormalCdf(-40), -804.6084420137538);
});

describe("laws", () => {
  test("Φ(x) + Φ(−x) = 1, and Φ never falls", () => {
    fc.assert(
      fc.property(evenly({ min: -9, max: 9 }), evenly({ min: 1e-9, max: 0.1 }), (x, step) => {
        expectRelative(normalCdf(x) + normalCdf(-x), 1, 1e-15);
        expect(normalCdf(x + step)).toBeGreaterThanOrEqual(normalCdf(x));
      }),
    );
  });

  test("Φ(x) = ½ erfc(−x/√2), as far as the rounding of x/√2 lets it", () => {
    fc.assert(
      fc.property(evenly({ min: -37, max: 9 }), (x) => {
        expectRelative(normalCdf(x), 0.5 * erfc(-x * Math.SQRT1_2), 1e-15 + 2e-16 * x * x);
      }),
    );
  });

  test("log Φ is the logarithm of Φ, and its slope is between −x and −x − 1/x in the tail", () => {
    fc.assert(
      fc.property(evenly({ min: -37, max: 5 }), evenly({ min: -1e6, max: -5 }), (x, far) => {
        expectRelative(logNormalCdf(x), log(normalCdf(x)), 1e-13, 1e-15);
        const width = -far * 1e-4;
        const slope = (logNormalCdf(far + width) - logNormalCdf(far - width)) / (2 * width);
        expect(slope).toBeGreaterThan(-far * (1 - 1e-6));
        expect(slope).toBeLessThan(-far - 1 / far + -far * 1e-6);
      }),
    );
  });

  test("the same bits in every engine", () => {
    expect(digest(normalCdf, -38, 9)).toBe("34b6d300");
    expect(digest(logNormalCdf, -50, 38)).toBe("9783bb86");
  });
});

test.each(referenceValues("normalCdf"))("mpmath's Φ at $values", ({ values, truth }) => {
  expect(ulpError(normalCdf(values[0]), truth)).toBeLessThanOrEqual(4);
});

test.each(referenceValues("logNormalCdf"))("mpmath's log Φ at $values", ({ values, truth }) => {
  expect(ulpError(logNormalCdf(values[0]), truth)).toBeLessThanOrEqual(4);
});

test("SciPy's values", () => {
  expectScipys("ndtr", normalCdf);
  expectScipys("log_ndtr", logNormalCdf);
});

test.each([
  [0, 0.5, -0.6931471805599453],
  [Infinity, 1, 0],
  [-Infinity, 0, -Infinity],
  [Number.NaN, Number.NaN, Number.NaN],
  [1e308, 1, 0],
  [-1e308, 0, -Infinity],
])("Φ and log Φ at %d", (x, value, logarithm) => {
  expect(normalCdf(x)).toBe(value);
  expect(logNormalCdf(x) + 0).toBe(logarithm);
});

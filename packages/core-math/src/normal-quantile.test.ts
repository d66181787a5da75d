import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digest, evenly, referenceValues } from "../test/elementary.js";
import { ulpError } from "../test/high-precision.js";
import { expectRelative, expectScipys } from "../test/special.js";
import { normalCdf } from "./normal-cdf.js";
import { normalQuantile } from "./normal-quantile.js";

test("what a two-sided test of five per cent asks for", () => {
  expectRelative(normalQuantile(0.975), 1.959963984540054);
});

describe("laws", () => {
  test("Φ of the quantile is the probability", () => {
    fc.assert(
      fc.property(evenly({ min: -1021, max: 0 }), evenly({ min: 0, max: 1 }), (exponent, middle) => {
        const tail = 2 ** exponent;
        // An error of one unit in the last place of x is one of x² units in Φ.
        expectRelative(normalCdf(normalQuantile(tail)), tail, 2e-12);
        expectRelative(normalCdf(normalQuantile(middle)), middle, 1e-13);
      }),
    );
  });

  test("the quantile of Φ is the argument", () => {
    fc.assert(
      fc.property(evenly({ min: -37, max: 3 }), (x) => {
        expectRelative(normalQuantile(normalCdf(x)), x, 1e-13, 1e-13);
      }),
    );
  });

  test("is odd about one half, to the bit, and never falls", () => {
    fc.assert(
      fc.property(evenly({ min: 0, max: 1 }), evenly({ min: 0, max: 1 }), (p, other) => {
        const upper = Math.max(p, 1 - p);
        expect(normalQuantile(1 - upper)).toBe(0 - normalQuantile(upper));
        const [low, high] = p < other ? [p, other] : [other, p];
        expect(normalQuantile(high)).toBeGreaterThanOrEqual(normalQuantile(low));
      }),
    );
  });

  test("the same bits in every engine", () => {
    expect(digest(normalQuantile, 0, 1)).toBe("eb7b0a37");
  });
});

test.each(referenceValues("normalQuantile"))("mpmath's value at $values", ({ values, truth }) => {
  expect(ulpError(normalQuantile(values[0]), truth)).toBeLessThanOrEqual(4);
});

test("SciPy's values", () => {
  expectScipys("ndtri", normalQuantile);
});

test.each([
  [0, -Infinity],
  [-0, -Infinity],
  [0.5, 0],
  [1, Infinity],
  [-0.1, Number.NaN],
  [1.1, Number.NaN],
  [Infinity, Number.NaN],
  [Number.NaN, Number.NaN],
])("Φ⁻¹(%d) is %d", (p, value) => {
  expect(normalQuantile(p)).toBe(value);
});

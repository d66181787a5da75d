import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digest, evenly, expectWithin, expectWithinAtAllMagnitudes, referenceValues } from "../test/elementary.js";
import { trueExp, trueExpm1, ulpError } from "../test/high-precision.js";
import { expectRelative, expectScipys } from "../test/special.js";
import { exp, expm1 } from "./exp.js";

test("e", () => {
  expect(exp(1)).toBe(Math.E);
  expect(exp(0)).toBe(1);
  expect(expm1(1e-20)).toBe(1e-20);
  expect(expm1(1)).toBe(1.7182818284590453);
});

describe("laws", () => {
  test.each([
    ["between steps", { min: -0.02, max: 0.02 }],
    ["everyday", { min: -10, max: 10 }],
    ["all normal results", { min: -708, max: 709.782712893384 }],
  ])("within 0.54 units in the last place: %s", (_, range) => {
    expectWithin(0.54, exp, trueExp, range);
  });

  test("within 0.54 units in the last place at tiny arguments", () => {
    expectWithinAtAllMagnitudes(0.54, exp, trueExp, { min: -1074, max: 0 });
  });

  test("within 0.78 units in the last place where results are subnormal", () => {
    expectWithin(0.78, exp, trueExp, { min: -745.13, max: -708 });
  });

  test("never falls as its argument grows", () => {
    fc.assert(
      fc.property(evenly({ min: -746, max: 710 }), (x) => {
        expect(exp(x + Math.abs(x) * 2 ** -52)).toBeGreaterThanOrEqual(exp(x));
      }),
    );
  });

  test("the same bits in every engine", () => {
    expect(digest(exp, -20, 20)).toBe("b81ac297");
    expect(digest(expm1, -20, 20)).toBe("2b48d484");
  });

  test.each([
    ["near zero", { min: -0.05, max: 0.05 }],
    ["everyday", { min: -5, max: 5 }],
    ["all results", { min: -40, max: 709 }],
  ])("expm1 within 1.4 units in the last place: %s", (_, range) => {
    expectWithin(1.4, expm1, trueExpm1, range);
  });

  test("expm1 within 1.4 units in the last place at all magnitudes", () => {
    expectWithinAtAllMagnitudes(1.4, expm1, trueExpm1, { min: -1074, max: 4 });
  });

  test("(1 + expm1 x)(1 + expm1(−x)) = 1", () => {
    fc.assert(
      fc.property(evenly({ min: -1, max: 1 }), (x) => {
        const [up, down] = [expm1(x), expm1(-x)];
        expectRelative(up * down, -(up + down), 1e-12, 1e-16);
      }),
    );
  });
});

test.each(referenceValues("exp"))("mpmath's value at $values", ({ values, truth }) => {
  expect(ulpError(exp(values[0]), truth)).toBeLessThanOrEqual(0.78);
});

test.each(referenceValues("expm1"))("mpmath's expm1 at $values", ({ values, truth }) => {
  expect(ulpError(expm1(values[0]), truth)).toBeLessThanOrEqual(1.4);
});

test("SciPy's expm1", () => {
  expectScipys("expm1", expm1);
});

test.each([
  [0, 0],
  [-0, -0],
  [Infinity, Infinity],
  [-Infinity, -1],
  [Number.NaN, Number.NaN],
  [709.7827128933841, Infinity],
  [-1e308, -1],
])("expm1(%d) is %d", (x, value) => {
  expect(expm1(x)).toBe(value);
});

test.each([
  [-0, 1],
  [Infinity, Infinity],
  [-Infinity, 0],
  [Number.NaN, Number.NaN],
  [709.782712893384, 1.7976931348622732e308],
  [709.7827128933841, Infinity],
  [-745.1332191019411, 5e-324],
  [-745.1332191019412, 0],
  [1e308, Infinity],
  [-1e308, 0],
  [5e-324, 1],
])("exp(%d) is %d", (x, value) => {
  expect(exp(x)).toBe(value);
});

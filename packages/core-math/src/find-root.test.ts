import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evenly } from "../test/elementary.js";
import { NumericalError, OptionError } from "./errors.js";
import { exp } from "./exp.js";
import { findRoot } from "./find-root.js";
import { log } from "./log.js";
import { normalCdf } from "./normal-cdf.js";
import { normalQuantile } from "./normal-quantile.js";

test("the golden ratio, at an end, and in few steps", () => {
  const { root, value, iterations, reason } = findRoot((x) => x * x - x - 1, { lower: 1, upper: 2 });
  expect(Math.abs(root - (1 + Math.sqrt(5)) / 2)).toBeLessThan(1e-12);
  expect(Math.abs(value)).toBeLessThan(1e-11);
  expect(iterations).toBeLessThan(10);
  expect(reason).toBe("converged");
  expect(findRoot((x) => x, { lower: 0, upper: 1 })).toEqual({ root: 0, value: 0, iterations: 0, reason: "converged" });
  expect(findRoot((x) => x - 1, { lower: 0, upper: 1 }).root).toBe(1);
});

test("a flat root, a pole, and an infinite value", () => {
  expect(Math.abs(findRoot((x) => (x - 1) ** 9, { lower: 0, upper: 3 }).root - 1)).toBeLessThan(1e-12);
  expect(Math.abs(findRoot((x) => 1 / (x - 1), { lower: 0, upper: 3 }).root - 1)).toBeLessThan(1e-12);
  expect(Math.abs(findRoot(log, { lower: 0, upper: 10 }).root - 1)).toBeLessThan(1e-12);
});

test("it says that it ran out of evaluations, with the best so far", () => {
  const result = findRoot((x) => x - 0.3, { lower: 0, upper: 1, maxIterations: 1 });
  expect(result).toEqual({ root: 0.5, value: 0.2, iterations: 1, reason: "maxIterations" });
});

describe("laws", () => {
  test("inverts monotone functions, in a bounded number of evaluations", () => {
    fc.assert(
      fc.property(evenly({ min: -30, max: 30 }), evenly({ min: 1e-6, max: 1 - 1e-6 }), (x, p) => {
        const exponential = findRoot((y) => exp(y) - exp(x), { lower: -40, upper: 40 });
        expect(Math.abs(exponential.root - x)).toBeLessThanOrEqual(1e-11);
        expect(exponential.iterations).toBeLessThan(100);
        const { root } = findRoot((y) => normalCdf(y) - p, { lower: -10, upper: 10 });
        expect(Math.abs(root - normalQuantile(p))).toBeLessThanOrEqual(1e-9);
      }),
    );
  });

  test("a step is found to the tolerance, and never leaves the bracket", () => {
    fc.assert(
      fc.property(evenly({ min: -1, max: 1 }), evenly({ min: -14, max: -1 }), (edge, exponent) => {
        const tolerance = 10 ** exponent;
        const step = (x: number): number => {
          expect(Math.abs(x)).toBeLessThanOrEqual(2);
          return x < edge ? -1 : 3;
        };
        const { root, reason } = findRoot(step, { lower: -2, upper: 2, tolerance });
        expect(reason).toBe("converged");
        expect(Math.abs(root - edge)).toBeLessThanOrEqual(2 * tolerance + 1e-14);
      }),
    );
  });

  test("roots turn with the function's sign, and mirror with its argument", () => {
    fc.assert(
      fc.property(evenly({ min: -2, max: 2 }), (edge) => {
        const f = (x: number): number => (x - edge) * (x * x + 1);
        const bracket = { lower: -3, upper: 3 };
        const { root } = findRoot(f, bracket);
        expect(findRoot((x) => -f(x), bracket).root).toBe(root);
        expect(Math.abs(findRoot((x) => f(-x), bracket).root + root)).toBeLessThanOrEqual(1e-11);
      }),
    );
  });
});

test("errors name the argument", () => {
  const refused: [() => unknown, typeof OptionError | typeof NumericalError, string][] = [
    [() => findRoot((x) => x, { lower: 1, upper: 2 }), OptionError, "lower, upper: expected values of opposite signs, got 1 at 1 and 2 at 2"],
    [() => findRoot((x) => x, { lower: 2, upper: 1 }), OptionError, "upper: expected a finite number > 2, got 1"],
    [() => findRoot((x) => x, { lower: Number.NaN, upper: 1 }), OptionError, "lower: expected a finite number, got NaN"],
    [() => findRoot((x) => x, { lower: -1e308, upper: 1e308 }), OptionError, "upper: expected a bracket of finite width, got an overflow"],
    [() => findRoot((x) => x, { lower: -1, upper: 2, tolerance: -1 }), OptionError, "tolerance: expected a finite number ≥ 0, got -1"],
    [() => findRoot(() => Number.NaN, { lower: -1, upper: 2 }), NumericalError, "f(-1): expected a number, got NaN"],
    [() => findRoot((x) => (x === -1 || x === 2 ? x : Number.NaN), { lower: -1, upper: 2 }), NumericalError, "f(0.5): expected a number, got NaN"],
  ];
  for (const [act, kind, message] of refused) {
    expect(act).toThrow(kind);
    expect(act).toThrow(message);
  }
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evenly } from "../test/elementary.js";
import { backtrackingLineSearch } from "./backtracking-line-search.js";
import { OptionError } from "./errors.js";

test("a full step where it lowers enough, halves where it does not", () => {
  const parabola = (t: number): number => (t - 1) ** 2;
  expect(backtrackingLineSearch(parabola, { value: 1, slope: -2 })).toEqual({ step: 1, value: 0, trials: 1, accepted: true });
  const narrow = (t: number): number => (10 * t - 1) ** 2;
  expect(backtrackingLineSearch(narrow, { value: 1, slope: -20 })).toEqual({ step: 0.125, value: 0.0625, trials: 4, accepted: true });
});

test("a bound that is heard as an infinite value is never overstepped", () => {
  const bounded = (t: number): number => (t > 0.3 ? Infinity : -t);
  expect(backtrackingLineSearch(bounded, { value: 0, slope: -1 }).step).toBe(0.25);
  const undefinedBeyond = (t: number): number => (t > 0.3 ? Number.NaN : -t);
  expect(backtrackingLineSearch(undefinedBeyond, { value: 0, slope: -1 }).step).toBe(0.25);
});

test("no step where none lowers the value", () => {
  const flat = backtrackingLineSearch(() => 1, { value: 1, slope: 0, sufficientDecrease: 0, maxTrials: 5 });
  expect(flat).toEqual({ step: 0, value: 1, trials: 5, accepted: false });
});

describe("laws", () => {
  const options = fc.record({
    shrink: evenly({ min: 0.1, max: 0.9 }),
    sufficientDecrease: evenly({ min: 0, max: 0.4 }),
    initialStep: evenly({ min: 0.1, max: 10 }),
  });

  test("the accepted step is the first of the geometric sequence that lowers a parabola enough", () => {
    fc.assert(
      fc.property(options, evenly({ min: 0.1, max: 50 }), (given, curvature) => {
        const phi = (t: number): number => -t + 0.5 * curvature * t * t;
        const { step, value, trials, accepted } = backtrackingLineSearch(phi, { ...given, value: 0, slope: -1, maxTrials: 200 });
        expect(accepted).toBe(true);
        expect(value).toBe(phi(step));
        let first = given.initialStep;
        let count = 1;
        for (; !(phi(first) < 0 && phi(first) <= -given.sufficientDecrease * first); first *= given.shrink) count++;
        expect(step).toBe(first);
        expect(trials).toBe(count);
        // For a parabola: t ≤ 2 (1 − c) / curvature, and no longer than a shrink below that.
        const longest = (2 * (1 - given.sufficientDecrease)) / curvature;
        expect(step).toBeLessThanOrEqual(longest * (1 + 1e-12));
        if (trials > 1) expect(step).toBeGreaterThan(longest * given.shrink * (1 - 1e-12));
      }),
    );
  });

  test("an ascent is never taken", () => {
    fc.assert(
      fc.property(options, evenly({ min: 1e-3, max: 10 }), (given, steepness) => {
        const { accepted } = backtrackingLineSearch((t) => steepness * t, { ...given, value: 0, slope: -1 });
        expect(accepted).toBe(false);
      }),
    );
  });
});

test.each([
  [{ value: Number.NaN, slope: -1 }, "value: expected a finite number, got NaN"],
  [{ value: 0, slope: 1 }, "slope: expected a finite number ≤ 0, got 1"],
  [{ value: 0, slope: -1, shrink: 1 }, "shrink: expected a finite number in (0, 1), got 1"],
  [{ value: 0, slope: -1, sufficientDecrease: 1 }, "sufficientDecrease: expected a finite number in [0, 1), got 1"],
  [{ value: 0, slope: -1, initialStep: 0 }, "initialStep: expected a finite number > 0, got 0"],
  [{ value: 0, slope: -1, maxTrials: 0 }, "maxTrials: expected an integer ≥ 1, got 0"],
])("options %o are refused", (options, message) => {
  expect(() => backtrackingLineSearch((t) => t, options)).toThrow(OptionError);
  expect(() => backtrackingLineSearch((t) => t, options)).toThrow(message);
});

import { NumericalError, OptionError, Random, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/rollouts.js";
import { normals, varianceOf } from "../../test/statistics.js";
import { constantBaseline } from "./mean-baselines.js";
import { optimalBaseline } from "./optimal-baseline.js";

test("the return of the longer score counts more", () => {
  expect(optimalBaseline({ scores: [0, 1, 1, 1], returns: [3, 6] })).toBe(5);
});

describe("laws", () => {
  const samples = fc.integer({ min: 1, max: 8 }).chain((count) =>
    fc.record({
      scores: fc.array(fc.integer({ min: -20, max: 20 }).map((n) => (n === 0 ? 1 : n) / 10), { minLength: 2 * count, maxLength: 2 * count }),
      returns: fc.array(fc.integer({ min: -300, max: 300 }).map((n) => n / 100), { minLength: count, maxLength: count }),
    }),
  );
  const spread = ({ scores, returns }: { scores: number[]; returns: number[] }, baseline: number): number =>
    returns.reduce((sum, value, k) => {
      const norm = scores[2 * k] * scores[2 * k] + scores[2 * k + 1] * scores[2 * k + 1];
      return sum + norm * (value - baseline) * (value - baseline);
    }, 0);

  test("no other constant has a smaller second moment", () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: -100, max: 100 }), (given, percent) => {
        const best = optimalBaseline(given);
        expect(spread(given, best)).toBeLessThanOrEqual(spread(given, best + percent / 100) + 1e-12);
      }),
    );
  });

  test("scores of one length make it the mean", () => {
    fc.assert(
      fc.property(samples, ({ returns }) => {
        const scores = returns.flatMap((_, k) => (k % 2 === 0 ? [3, 4] : [5, 0]));
        expectClose([optimalBaseline({ scores, returns })], [constantBaseline(returns)]);
      }),
    );
  });

  test("its variance is below that of the mean where the score's norm depends on the return", () => {
    const x = normals(new Random(3), 50_000);
    const returns = x.map((draw) => draw * draw);
    const best = optimalBaseline({ scores: x, returns }); // E[x⁴] / E[x²] = 3, the mean is 1
    expect(Math.abs(best - 3)).toBeLessThan(0.1);
    const variance = (baseline: number): number => varianceOf(x.map((draw, k) => draw * (returns[k] - baseline)));
    expect(variance(best)).toBeLessThan(variance(constantBaseline(returns)) - 1);
    expect(variance(constantBaseline(returns))).toBeLessThan(variance(0));
  });
});

test("refuses scores that do not fit, are not finite, or are all zero", () => {
  expect(() => optimalBaseline({ scores: [1, 2, 3], returns: [1, 2] })).toThrow(ShapeError);
  expect(() => optimalBaseline({ scores: [1, 2, 3], returns: [1, 2] })).toThrow("scores: expected 2 rows of 1, got 3 numbers");
  expect(() => optimalBaseline({ scores: [1, 2, 3, Infinity], returns: [1, 2] })).toThrow(NumericalError);
  expect(() => optimalBaseline({ scores: [1, 2, 3, Infinity], returns: [1, 2] })).toThrow("scores at [1, 1]: expected a finite number");
  expect(() => optimalBaseline({ scores: [0, 0], returns: [1, 2] })).toThrow(OptionError);
  expect(() => optimalBaseline({ scores: undefined as never, returns: [1] })).toThrow("scores: expected an array");
});

import { exp, log, NumericalError, OptionError, Random, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/rollouts.js";
import { meanOf, normals, standardErrors, varianceOf } from "../../test/statistics.js";
import { importanceSampledMean, selfNormalizedMean } from "./importance-sampling.js";
import { effectiveSampleSize, importanceWeights, selfNormalizedWeights } from "./importance-weights.js";

const logRatios = [log(2), log(0.5), -Infinity];

test("three samples, one impossible", () => {
  expectClose(importanceWeights({ logRatios }), [2, 0.5, 0]);
  expectClose(importanceWeights({ logRatios, clip: 1 }), [1, 0.5, 0]);
  expectClose(selfNormalizedWeights({ logRatios }), [0.8, 0.2, 0]);
  expectClose([effectiveSampleSize(logRatios)], [1 / 0.68]);
  expectClose([importanceSampledMean({ values: [1, 2, 9], logRatios })], [1]);
  expectClose([importanceSampledMean({ values: [1, 2, 9], logRatios, clip: 1 })], [2 / 3]);
  expectClose([selfNormalizedMean({ values: [1, 2, 9], logRatios })], [1.2]);
  const out = new Float64Array(3);
  expect(importanceWeights({ logRatios, out })).toBe(out);
  expect(selfNormalizedWeights({ logRatios, out })).toBe(out);
});

describe("laws", () => {
  const ratios = fc.array(fc.integer({ min: -300, max: 300 }).map((n) => n / 100), { minLength: 1, maxLength: 12 });

  test("self-normalised weights sum to one, whatever constant is missing", () => {
    fc.assert(
      fc.property(ratios, fc.integer({ min: -1000, max: 1000 }), (given, constant) => {
        const weights = selfNormalizedWeights({ logRatios: given });
        expectClose([weights.reduce((sum, w) => sum + w, 0)], [1]);
        expectClose(selfNormalizedWeights({ logRatios: given.map((ratio) => ratio + constant) }), weights);
      }),
    );
  });

  test("self-normalised estimates of a constant are that constant, and lie between the values", () => {
    fc.assert(
      fc.property(ratios, fc.integer({ min: -99, max: 99 }), (given, constant) => {
        expectClose([selfNormalizedMean({ values: given.map(() => constant), logRatios: given })], [constant]);
        const values = given.map((_, k) => (k * 7) % 5);
        const mean = selfNormalizedMean({ values, logRatios: given });
        expect(mean).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
        expect(mean).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
      }),
    );
  });

  test("the effective sample size is between 1 and K, K for equal weights", () => {
    fc.assert(
      fc.property(ratios, (given) => {
        const size = effectiveSampleSize(given);
        expect(size).toBeGreaterThanOrEqual(1 - 1e-12);
        expect(size).toBeLessThanOrEqual(given.length + 1e-10);
        expectClose([effectiveSampleSize(given.map(() => 3))], [given.length]);
        expectClose([effectiveSampleSize([...given, 900])], [1]);
      }),
    );
  });

  test("clipping is the minimum, and clips nothing that is below", () => {
    fc.assert(
      fc.property(ratios, fc.integer({ min: 1, max: 300 }), (given, percent) => {
        const clip = percent / 100;
        expectClose(importanceWeights({ logRatios: given, clip }), given.map((ratio) => Math.min(clip, exp(ratio))));
      }),
    );
  });

  // Samples of N(0, 1) for a target N(½, 1): log p − log q = x/2 − 1/8.
  const x = normals(new Random(8), 50_000);
  const shifted = x.map((draw) => draw / 2 - 1 / 8);

  test("weights average to one", () => {
    expect(standardErrors(importanceWeights({ logRatios: shifted }), 1)).toBeLessThan(4);
  });

  test("the mean of the target is found from the proposal's samples, with the variance that theory gives", () => {
    const weights = importanceWeights({ logRatios: shifted });
    const weighted = weights.map((w, k) => w * x[k]);
    expect(standardErrors(weighted, 0.5)).toBeLessThan(4);
    expect(importanceSampledMean({ values: x, logRatios: shifted })).toBeCloseTo(meanOf(weighted), 12);
    // E_q[(w x)²] = e^¼ E[x²] under N(1, 1) = 2 e^¼.
    expect(Math.abs(varianceOf(weighted) - (2 * exp(0.25) - 0.25))).toBeLessThan(0.15);
    expect(Math.abs(selfNormalizedMean({ values: x, logRatios: shifted }) - 0.5)).toBeLessThan(0.03);
  });

  test("the effective share of samples is 1/E_q[w²] = e^−¼", () => {
    expect(Math.abs(effectiveSampleSize(shifted) / x.length - exp(-0.25))).toBeLessThan(0.02);
  });

  test("clipped weights have less variance, and a bias", () => {
    const [free, bound] = [undefined, 1].map((clip) => importanceWeights({ logRatios: shifted, ...(clip && { clip }) }));
    expect(varianceOf(bound)).toBeLessThan(varianceOf(free));
    expect(standardErrors(bound, 1)).toBeGreaterThan(8);
  });
});

describe("refuses", () => {
  test.each<[string, () => unknown, new (message: string) => Error, string]>([
    ["no samples", () => importanceWeights({ logRatios: [] }), ShapeError, "logRatios: expected at least 1 sample, got 0"],
    ["a NaN", () => selfNormalizedWeights({ logRatios: [0, Number.NaN] }), NumericalError, "logRatios at [1]: expected a finite number or -Infinity, got NaN"],
    ["∞", () => importanceWeights({ logRatios: [Infinity], clip: 1 }), NumericalError, "logRatios at [0]: expected a finite number or -Infinity, got Infinity"],
    ["an overflow", () => importanceWeights({ logRatios: [0, 800] }), NumericalError, "logRatios at [1]: expected a weight that is finite, got exp(800)"],
    ["nothing possible", () => effectiveSampleSize([-Infinity]), OptionError, "logRatios: expected at least one above -Infinity, got none"],
    ["a bound of 0", () => importanceWeights({ logRatios: [0], clip: 0 }), OptionError, "clip: expected a finite number > 0, got 0"],
    ["other lengths", () => importanceSampledMean({ values: [1], logRatios: [0, 0] }), ShapeError, "values: expected length 2, got [1]"],
    ["a NaN value", () => selfNormalizedMean({ values: [Number.NaN], logRatios: [0] }), NumericalError, "values at [0]: expected a finite number, got NaN"],
  ])("%s", (_, call, ErrorClass, message) => {
    expect(call).toThrow(ErrorClass);
    expect(call).toThrow(message);
  });
});

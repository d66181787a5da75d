import { exp, NumericalError, OptionError, Random, ShapeError } from "@uphill/core-math";
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/rollouts.js";
import { normals } from "../../test/statistics.js";
import { estimatorMoments } from "./estimator-moments.js";
import { likelihoodRatioGradient, naiveGradient, reparameterizedGradient } from "./expectation-gradients.js";

const theta = 1;
const batch = 1000;
/** Batches of x ~ N(mean, 1), a stream a trial. */
const draws = (trial: number, mean = theta): Float64Array => normals(new Random(11).split(`trial ${trial}`), batch, mean);
const moments = (estimate: (trial: number) => Float64Array, exact: number) => estimatorMoments({ estimate, exact: [exact] });

/** Within four standard errors of what 1,000 trials leave open. */
function expectMoments(estimate: (trial: number) => Float64Array, exact: number, mean: number, variance: number): void {
  const found = moments(estimate, exact);
  expect(Math.abs(found.mean[0] - mean)).toBeLessThan(4 * Math.sqrt(variance / 1000));
  // The variance of a variance of 1,000 near-normal estimates is about 2 variance² / 1000.
  expect(Math.abs(found.variance[0] / variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 1000));
  expectClose([found.bias[0]], [found.mean[0] - exact]);
  expectClose([found.meanSquaredError[0]], [found.bias[0] * found.bias[0] + found.variance[0]]);
}

// f = x² θ with x ~ N(θ, 1): J = θ + θ³, so the gradient is 1 + 3θ² = 4.
describe("E[x²θ] at θ = 1, batches of 1,000", () => {
  test("the naive estimator: mean 2, variance 0.006", () => {
    expectMoments((trial) => naiveGradient({ valueGradients: draws(trial).map((x) => x * x) }), 4, 2, 0.006);
  });

  test("the likelihood ratio: mean 4, variance 0.060", () => {
    expectMoments(
      (trial) => {
        const x = draws(trial);
        return likelihoodRatioGradient({
          values: x.map((v) => v * v * theta),
          scores: x.map((v) => v - theta),
          valueGradients: x.map((v) => v * v),
        });
      },
      4,
      4,
      0.06,
    );
  });

  test("reparameterised: mean 4, variance 0.018", () => {
    expectMoments(
      (trial) => {
        const x = draws(trial);
        return reparameterizedGradient({ pathGradients: x.map((v) => 2 * v * theta), valueGradients: x.map((v) => v * v) });
      },
      4,
      4,
      0.018,
    );
  });

  test("without ∂f/∂θ both lose the second term, E[x²] = 2", () => {
    const x = draws(0);
    const without = likelihoodRatioGradient({ values: x.map((v) => v * v), scores: x.map((v) => v - 1) });
    const whole = likelihoodRatioGradient({ values: x.map((v) => v * v), scores: x.map((v) => v - 1), valueGradients: x.map((v) => v * v) });
    expectClose([whole[0] - without[0]], naiveGradient({ valueGradients: x.map((v) => v * v) }));
  });
});

describe("laws", () => {
  test("a proposal changes the variance, not the mean, and keeps the second term", () => {
    const estimate = (trial: number): Float64Array => {
      const x = draws(trial, 1.5); // x ~ N(3/2, 1): log p − log q = −x/2 + 5/8
      return likelihoodRatioGradient({
        values: x.map((v) => v * v),
        scores: x.map((v) => v - 1),
        valueGradients: x.map((v) => v * v),
        logRatios: x.map((v) => 5 / 8 - v / 2),
      });
    };
    const found = moments(estimate, 4);
    expect(Math.abs(found.bias[0])).toBeLessThan(4 * Math.sqrt(found.variance[0] / 1000));
    expect(found.variance[0]).not.toBeCloseTo(0.06, 3);
  });

  test("a baseline leaves the mean and lowers the variance", () => {
    const estimate = (baseline: number) => (trial: number) => {
      const x = draws(trial);
      return likelihoodRatioGradient({ values: x.map((v) => v * v), scores: x.map((v) => v - 1), baseline });
    };
    const [plain, based] = [moments(estimate(0), 2), moments(estimate(4), 2)];
    for (const { bias, variance } of [plain, based]) expect(Math.abs(bias[0])).toBeLessThan(4 * Math.sqrt(variance[0] / 1000));
    expect(based.variance[0]).toBeLessThan(plain.variance[0] / 2);
  });

  test("on a step function the likelihood ratio stays unbiased, and the pathwise estimator does not", () => {
    const exact = exp(-theta * theta / 2) / Math.sqrt(2 * Math.PI); // d/dθ P(x > 0) is the density at 0
    const ratio = moments((trial) => {
      const x = draws(trial);
      return likelihoodRatioGradient({ values: x.map((v) => (v > 0 ? 1 : 0)), scores: x.map((v) => v - theta) });
    }, exact);
    expect(Math.abs(ratio.bias[0])).toBeLessThan(4 * Math.sqrt(ratio.variance[0] / 1000));
    const path = moments((trial) => reparameterizedGradient({ pathGradients: draws(trial).map(() => 0) }), exact);
    expect(path.bias[0]).toBe(-exact);
    expect(path.variance[0]).toBe(0);
  });

  test("several parameters: mean and log σ of a normal, f = x²", () => {
    const exact = [2 * 0.5, 2 * 4]; // J = μ² + σ² at μ = ½, σ = 2: ∂J/∂μ = 2μ, ∂J/∂log σ = 2σ²
    const noise = (trial: number) => draws(trial, 0);
    const rows = (trial: number, row: (x: number, e: number) => number[]): number[] => Array.from(noise(trial)).flatMap((e) => row(0.5 + 2 * e, e));
    const ratio = estimatorMoments({
      estimate: (trial) =>
        likelihoodRatioGradient({
          values: noise(trial).map((e) => (0.5 + 2 * e) * (0.5 + 2 * e)),
          scores: rows(trial, (_, e) => [e / 2, e * e - 1]),
          parameters: 2,
        }),
      exact,
    });
    const path = estimatorMoments({
      estimate: (trial) => reparameterizedGradient({ pathGradients: rows(trial, (x, e) => [2 * x, 2 * x * 2 * e]), parameters: 2 }),
      exact,
    });
    for (const { bias, variance } of [ratio, path]) {
      for (const d of [0, 1]) expect(Math.abs(bias[d])).toBeLessThan(4 * Math.sqrt(variance[d] / 1000));
    }
    for (const d of [0, 1]) expect(path.variance[d]).toBeLessThan(ratio.variance[d]);
  });
});

test("results go where they are told to", () => {
  const out = Float64Array.of(7);
  expect(naiveGradient({ valueGradients: [1, 3], out })).toBe(out);
  expect(out[0]).toBe(2);
  expect(likelihoodRatioGradient({ values: [1, 3], scores: [1, 1], out })).toBe(out);
  expect(out[0]).toBe(2);
  expect(reparameterizedGradient({ pathGradients: [5, 3], out })).toBe(out);
  expect(out[0]).toBe(4);
});

describe("refuses", () => {
  test.each<[string, () => unknown, new (message: string) => Error, string]>([
    ["part of a row", () => naiveGradient({ valueGradients: [1, 2, 3], parameters: 2 }), ShapeError, "valueGradients: expected one or more rows of 2, got 3 numbers"],
    ["no parameters", () => naiveGradient({ valueGradients: [1], parameters: 0 }), OptionError, "parameters: expected an integer ≥ 1, got 0"],
    ["no samples", () => reparameterizedGradient({ pathGradients: [] }), ShapeError, "pathGradients: expected one or more rows of 1, got 0 numbers"],
    ["scores of another length", () => likelihoodRatioGradient({ values: [1], scores: [1, 2] }), ShapeError, "scores: expected 1 row of 1, got 2 numbers"],
    ["ratios of another length", () => likelihoodRatioGradient({ values: [1], scores: [1], logRatios: [0, 0] }), ShapeError, "logRatios: expected length 1"],
    ["a NaN score", () => likelihoodRatioGradient({ values: [1], scores: [0, Number.NaN], parameters: 2 }), NumericalError, "scores at [0, 1]: expected a finite number, got NaN"],
    ["a baseline of NaN", () => likelihoodRatioGradient({ values: [1], scores: [0], baseline: Number.NaN }), OptionError, "baseline: expected a finite number, got NaN"],
    ["a short result", () => naiveGradient({ valueGradients: [1, 2], parameters: 2, out: new Float64Array(1) }), ShapeError, "out: expected length 2"],
    ["an estimate of another length", () => estimatorMoments({ estimate: () => [1, 2], exact: [1] }), ShapeError, "estimate(0): expected 1 row of 1, got 2 numbers"],
    ["no trials", () => estimatorMoments({ estimate: () => [1], exact: [1], trials: 0 }), OptionError, "trials: expected an integer ≥ 1, got 0"],
  ])("%s", (_, call, ErrorClass, message) => {
    expect(call).toThrow(ErrorClass);
    expect(call).toThrow(message);
  });
});

import { grad, input } from "@uphill/autodiff";
import { choleskyFactor, choleskyLogDeterminant, log, OptionError, Random } from "@uphill/core-math";
import { fullNormal } from "@uphill/distributions";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose, expectGradients, pairs, valuesOf } from "../../test/covariances.js";
import { covarianceOfFactor, factorOfCovariance, logDeterminant } from "./cholesky.js";

test("a factor of two and its covariance", () => {
  const [factor, covariance] = [input("factor", [2, 2]), input("covariance", [2, 2])];
  // L = (2 0; 1 3); what stands above the diagonal is not read.
  expectClose(valuesOf(covarianceOfFactor(factor), { factor: [log(2), 9, 1, log(3)] }), [4, 2, 2, 10]);
  expectClose(valuesOf(factorOfCovariance(covariance), { covariance: [4, 2, 2, 10] }), [log(2), 0, 1, log(3)]);
});

describe("laws", () => {
  const covarianceOf = (n: number) => input("covariance", ["batch", n, n]);

  test("there and back is the identity", () => {
    fc.assert(
      fc.property(pairs, ({ n, covariance }) => {
        expectClose(valuesOf(covarianceOfFactor(factorOfCovariance(covarianceOf(n))), { covariance }), covariance);
      }),
    );
  });

  test("it is the Cholesky factor, its diagonal by the logarithm", () => {
    fc.assert(
      fc.property(pairs, ({ n, covariance }) => {
        const factor = choleskyFactor(covariance).map((x, k) => (k % (n + 1) === 0 ? log(x) : x));
        expectClose(valuesOf(factorOfCovariance(covarianceOf(n)), { covariance }), factor);
        expectClose(valuesOf(logDeterminant(covarianceOf(n)), { covariance }), [choleskyLogDeterminant(choleskyFactor(covariance))]);
      }),
    );
  });

  test("gradients are the differences, there and back", () => {
    fc.assert(
      fc.property(pairs, ({ n, covariance }) => {
        const tensor = covarianceOf(n);
        expectGradients(factorOfCovariance(tensor), [tensor], { covariance });
        expectGradients(logDeterminant(tensor), [tensor], { covariance });
        const factor = input("factor", ["batch", n, n]);
        expectGradients(covarianceOfFactor(factor), [factor], { factor: covariance });
      }),
      { numRuns: 25 },
    );
  });
  test("a full normal of that factor has that covariance: its log-probability says so", () => {
    fc.assert(
      fc.property(pairs, fc.nat(1e6), ({ n, covariance }, seed) => {
        const random = new Random(seed);
        const x = Float64Array.from({ length: n }, () => random.standardNormal());
        const given = covarianceOf(n);
        const policy = fullNormal({ mean: input("mean", ["batch", n]), factor: factorOfCovariance(given) });
        const logProbability = policy.logProbability(input("x", ["batch", n]));
        const value = valuesOf(logProbability, { covariance, mean: x.map(() => 0), x })[0];
        const factor = choleskyFactor(covariance);
        const y = Float64Array.from(x);
        for (let i = 0; i < n; i++) {
          for (let k = 0; k < i; k++) y[i] -= factor[i * n + k] * y[k];
          y[i] /= factor[i * n + i];
        }
        const square = y.reduce((sum, v) => sum + v * v, 0);
        expectClose([value], [-0.5 * (square + choleskyLogDeterminant(factor) + n * log(2 * Math.PI))]);
      }),
    );
  });
});

test("refuses what has no factor, by its place", () => {
  const covariance = input("covariance", ["batch", 2, 2]);
  const run = (): unknown => valuesOf(factorOfCovariance(covariance), { covariance: [1, 0, 0, 1, 1, 2, 2, 1] });
  expect(run).toThrow(OptionError);
  expect(run).toThrow("cholesky: covariance at [1]: expected a symmetric positive definite matrix");
  expect(() => covarianceOfFactor(input("factor", [2, 3]))).toThrow("factor: expected square matrices [..., n, n] of fixed n ≥ 1, got shape [2, 3]");
  const [gradient] = grad(factorOfCovariance(covariance).sum(), [covariance]);
  expect(() => grad(gradient.sum(), [covariance])).toThrow("cholesky: expected a first derivative, got a second");
});

import { input } from "@uphill/autodiff";
import { choleskyFactor, choleskyLogDeterminant, log, OptionError, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deviations, diagonalCovariance, expectClose, expectGradients, pairs, valuesOf } from "../../test/covariances.js";
import { diagonalEntropyProjection, entropyProjection } from "./entropy-projection.js";

const leastEntropy = input("leastEntropy", []);
const entropyOf = (covariance: ArrayLike<number>): number => {
  const n = Math.round(Math.sqrt(covariance.length));
  return (choleskyLogDeterminant(choleskyFactor(covariance)) + n * (1 + log(2 * Math.PI))) / 2;
};
/** How much more entropy is asked for than there is, in nats. */
const missing = fc.integer({ min: 5, max: 300 }).map((n) => n / 100);

test("half a nat too little in one dimension: σ grows by √e", () => {
  const standardDeviation = input("standardDeviation", [1]);
  const projected = diagonalEntropyProjection({ standardDeviation, leastEntropy: 1.4189385332046727 + 0.5 });
  expectClose(valuesOf(projected, { standardDeviation: [1] }), [1.6487212707001282]);
  expect(valuesOf(projected, { standardDeviation: [3] })).toEqual([3]);
});

describe("laws", () => {
  test("the entropy is what was asked for, all variances grow alike, and again changes nothing", () => {
    fc.assert(
      fc.property(pairs, missing, ({ n, covariance }, more) => {
        const tensor = input("covariance", [n, n]);
        const projected = entropyProjection({ covariance: tensor, leastEntropy });
        const least = entropyOf(covariance) + more;
        const result = valuesOf(projected, { covariance, leastEntropy: least });
        expectClose([entropyOf(result)], [least]);
        expectClose(result.map((x, i) => x / covariance[i]), result.map(() => result[0] / covariance[0]));
        expectClose(valuesOf(projected, { covariance: result, leastEntropy: least }), result);
      }),
    );
  });

  test("with entropy enough it is the identity, to the bit", () => {
    fc.assert(
      fc.property(pairs, missing, ({ n, covariance }, less) => {
        const projected = entropyProjection({ covariance: input("covariance", [n, n]), leastEntropy });
        expect(valuesOf(projected, { covariance, leastEntropy: entropyOf(covariance) - less })).toEqual([...covariance]);
      }),
    );
  });

  test("gradients are the differences, full and diagonal, where it acts and where not", () => {
    fc.assert(
      fc.property(pairs, deviations, fc.oneof(missing, missing.map((m) => -m)), ({ n, covariance }, { standardDeviation }, more) => {
        const tensor = input("covariance", [n, n]);
        const full = entropyProjection({ covariance: tensor, leastEntropy });
        expectGradients(full, [tensor, leastEntropy], { covariance, leastEntropy: [entropyOf(covariance) + more] });
        const deviation = input("standardDeviation", [standardDeviation.length]);
        const diagonal = diagonalEntropyProjection({ standardDeviation: deviation, leastEntropy });
        const least = [entropyOf(diagonalCovariance(standardDeviation)) + more];
        expectGradients(diagonal, [deviation, leastEntropy], { standardDeviation, leastEntropy: least });
      }),
      { numRuns: 25 },
    );
  });

  test("the diagonal one is the full one", () => {
    fc.assert(
      fc.property(deviations, missing, ({ n, standardDeviation }, more) => {
        const covariance = diagonalCovariance(standardDeviation);
        const least = entropyOf(covariance) + more;
        const diagonal = diagonalEntropyProjection({ standardDeviation: input("s", ["batch", n]), leastEntropy });
        const full = entropyProjection({ covariance: input("covariance", ["batch", n, n]), leastEntropy });
        const result = valuesOf(diagonal, { s: standardDeviation, leastEntropy: least });
        expectClose(diagonalCovariance(result), valuesOf(full, { covariance, leastEntropy: least }));
      }),
    );
  });
});

test("refuses what does not fit", () => {
  const covariance = input("covariance", [2, 2]);
  expect(() => entropyProjection({ covariance, leastEntropy: Number.NaN })).toThrow(OptionError);
  expect(() => entropyProjection({ covariance, leastEntropy: Number.NaN })).toThrow("leastEntropy: expected a finite number, got NaN");
  expect(() => entropyProjection({ covariance, leastEntropy: input("b", [2]) })).toThrow(ShapeError);
  expect(() => diagonalEntropyProjection({ standardDeviation: input("s", []), leastEntropy: 0 })).toThrow("standardDeviation: expected a last axis");
  const run = (): unknown => valuesOf(entropyProjection({ covariance, leastEntropy: 0 }), { covariance: [1, 2, 2, 1] });
  expect(run).toThrow("cholesky: covariance at [0]: expected a symmetric positive definite matrix");
});

import { compile, grad, input, interpreter } from "@uphill/autodiff";
import { choleskyFactor, choleskySolve, OptionError, Random, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { binding, deviations, diagonalCovariance, expectClose, expectGradients, loose, pairs, valuesOf } from "../../test/covariances.js";
import { diagonalMeanProjection, meanProjection } from "./mean-projection.js";

const bound = input("bound", []);
const tensors = (n: number) => {
  const [mean, oldMean, oldCovariance] = [input("mean", [n]), input("oldMean", [n]), input("oldCovariance", [n, n])];
  return { mean, oldMean, oldCovariance, projected: meanProjection({ mean, oldMean, oldCovariance, bound }) };
};

/** (μ − μ_old)ᵀ Σ_old⁻¹ (μ − μ_old). */
function mahalanobis(mean: ArrayLike<number>, oldMean: ArrayLike<number>, oldCovariance: ArrayLike<number>): number {
  const step = Array.from(mean, (x, i) => x - oldMean[i]);
  return choleskySolve(choleskyFactor(oldCovariance), step).reduce((sum, x, i) => sum + x * step[i], 0);
}

const problems = fc.tuple(pairs, fc.nat(1e6)).map(([{ n, oldCovariance }, seed]) => {
  const random = new Random(seed);
  const oldMean = Float64Array.from({ length: n }, () => random.standardNormal());
  // Never nearly equal: differences for gradients are taken in steps that are small beside the distance.
  const mean = oldMean.map((x) => x + random.uniform(0.3, 2) * (random.random() < 0.5 ? -1 : 1));
  return { n, oldCovariance, mean, oldMean };
});

test("twice as far as allowed, it stops halfway", () => {
  const given = { mean: input("mean", ["batch", 2]), oldMean: input("oldMean", ["batch", 2]), oldStandardDeviation: input("s", ["batch", 2]) };
  const projected = diagonalMeanProjection({ ...given, bound: 4 });
  // σ_old = 2: (4, 0) is 2 away, so within √4; (8, 0) is 4 away.
  const feeds = { mean: [4, 0, 8, 0], oldMean: [0, 0, 0, 0], s: [2, 2, 2, 2] };
  expect(valuesOf(projected, feeds)).toEqual([4, 0, 4, 0]);
});

describe("laws", () => {
  test("it is on the line to the old mean, at the bound where that binds", () => {
    fc.assert(
      fc.property(problems, binding, ({ n, mean, oldMean, oldCovariance }, share) => {
        const limit = share * mahalanobis(mean, oldMean, oldCovariance);
        const result = valuesOf(tensors(n).projected, { mean, oldMean, oldCovariance, bound: limit });
        expectClose([mahalanobis(result, oldMean, oldCovariance) / limit], [1]);
        const steps = result.map((x, i) => (x - oldMean[i]) / (mean[i] - oldMean[i]));
        expectClose(steps, steps.map(() => Math.sqrt(share)), 1e-9);
        expectClose(valuesOf(tensors(n).projected, { mean: result, oldMean, oldCovariance, bound: limit }), result);
      }),
    );
  });

  test("inside the region it is the identity, to the bit", () => {
    fc.assert(
      fc.property(problems, loose, ({ n, mean, oldMean, oldCovariance }, share) => {
        const limit = share * mahalanobis(mean, oldMean, oldCovariance);
        expect(valuesOf(tensors(n).projected, { mean, oldMean, oldCovariance, bound: limit })).toEqual([...mean]);
      }),
    );
  });

  test("its gradients are the differences, by all arguments, inside and outside", () => {
    fc.assert(
      fc.property(problems, fc.oneof(binding, loose), ({ n, mean, oldMean, oldCovariance }, share) => {
        const given = tensors(n);
        const feeds = { mean, oldMean, oldCovariance, bound: [share * mahalanobis(mean, oldMean, oldCovariance)] };
        expectGradients(given.projected, [given.mean, given.oldMean, given.oldCovariance, bound], feeds);
      }),
      { numRuns: 25 },
    );
  });

  test("its gradient can be differentiated again", () => {
    fc.assert(
      fc.property(problems, binding, ({ n, mean, oldMean, oldCovariance }, share) => {
        const given = tensors(n);
        const feeds = { mean, oldMean, oldCovariance, bound: [share * mahalanobis(mean, oldMean, oldCovariance)] };
        const [gradient] = grad(given.projected.square().sum(), [given.oldCovariance]);
        expectGradients(gradient, [given.mean, given.oldCovariance], feeds);
      }),
      { numRuns: 10 },
    );
  });

  test("the diagonal one is the full one", () => {
    fc.assert(
      fc.property(deviations, fc.nat(1e6), binding, ({ n, oldStandardDeviation }, seed, share) => {
        const random = new Random(seed);
        const [mean, oldMean] = [0, 1].map(() => Float64Array.from({ length: n }, () => random.standardNormal()));
        const oldCovariance = diagonalCovariance(oldStandardDeviation);
        const limit = share * mahalanobis(mean, oldMean, oldCovariance);
        const given = { mean: input("mean", [n]), oldMean: input("oldMean", [n]), oldStandardDeviation: input("s", [n]) };
        const result = valuesOf(diagonalMeanProjection({ ...given, bound }), { mean, oldMean, s: oldStandardDeviation, bound: limit });
        expectClose(result, valuesOf(tensors(n).projected, { mean, oldMean, oldCovariance, bound: limit }));
      }),
    );
  });

  test("the default executor agrees with the interpreter", () => {
    const inputs = { mean: input("mean", ["batch", 2]), oldMean: input("oldMean", ["batch", 2]), oldCovariance: input("oldCovariance", ["batch", 2, 2]) };
    const projected = meanProjection({ ...inputs, bound: 0.1 });
    const [gradient] = grad(projected.square().sum(), [inputs.mean]);
    const feeds = { mean: [1, 2, 0.25, -1], oldMean: [0, 0, 0.125, -1], oldCovariance: [2, 0.5, 0.5, 1, 1, 0, 0, 4] };
    const [actual, truth] = [undefined, interpreter].map((backend) =>
      compile({ inputs, outputs: { projected, gradient }, ...(backend && { backend }) }).run(feeds),
    );
    for (const name of ["projected", "gradient"] as const) expectClose(actual[name] as Float32Array, truth[name] as Float64Array, 1e-5);
  });
});

interface Reference {
  readonly mean: number[];
  readonly old_mean: number[];
  readonly old_covariance: number[][];
  readonly mean_bound: number;
  readonly mahalanobis: number;
  readonly projected_mean: number[];
}

const text = readFileSync(new URL("../../test/reference/trust_region_projections.json", import.meta.url), "utf8");

test.each(JSON.parse(text) as Reference[])("reference projection %#", (reference) => {
  const { mean, old_mean: oldMean, mean_bound: limit } = reference;
  const oldCovariance = reference.old_covariance.flat();
  expectClose([mahalanobis(mean, oldMean, oldCovariance)], [reference.mahalanobis]);
  expectClose(valuesOf(tensors(mean.length).projected, { mean, oldMean, oldCovariance, bound: limit }), reference.projected_mean);
});

describe("refuses", () => {
  const [mean, oldCovariance] = [input("mean", ["batch", 2]), input("oldCovariance", ["batch", 2, 2])];

  test("shapes that do not fit", () => {
    expect(() => meanProjection({ mean, oldMean: input("m", [2]), oldCovariance, bound: 1 })).toThrow(ShapeError);
    expect(() => meanProjection({ mean, oldMean: mean, oldCovariance: input("c", [2, 2]), bound: 1 })).toThrow("oldCovariance: expected shape [batch, 2, 2], got [2, 2]");
    expect(() => diagonalMeanProjection({ mean, oldMean: mean, oldStandardDeviation: input("s", [2]), bound: 1 })).toThrow("oldStandardDeviation: expected shape [batch, 2], got [2]");
    expect(() => diagonalMeanProjection({ mean, oldMean: mean, oldStandardDeviation: mean, bound: -1 })).toThrow("bound: expected a finite number > 0, got -1");
  });

  test("a covariance that is not positive definite, when it runs", () => {
    const projected = meanProjection({ mean, oldMean: mean.mul(0), oldCovariance, bound: 1 });
    const run = (): unknown => valuesOf(projected, { mean: [1, 1, 1, 1], oldCovariance: [1, 0, 0, 1, 1, 2, 2, 1] });
    expect(run).toThrow(OptionError);
    expect(run).toThrow("meanProjection: oldCovariance at [1]: expected a symmetric positive definite matrix");
  });
});

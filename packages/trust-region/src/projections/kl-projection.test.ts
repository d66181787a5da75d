import { grad, input } from "@uphill/autodiff";
import { choleskyFactor, choleskySolve, exp, log, Random } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binding, expectClose, klDistance, pairs, valuesOf } from "../../test/covariances.js";
import { klStep } from "../internal/kl-step.js";
import { covarianceOfFactor, logDeterminant } from "./cholesky.js";
import { diagonalKlProjection, klProjection } from "./kl-projection.js";

const bound = input("bound", []);
const [covariance, oldCovariance] = [input("covariance", ["batch", 2, 2]), input("oldCovariance", ["batch", 2, 2])];
const projected = klProjection({ covariance, oldCovariance, bound });

test("a variance e² times too large comes back to the bound", () => {
  const result = valuesOf(projected, { covariance: [exp(2), 0, 0, 1], oldCovariance: [1, 0, 0, 1], bound: 0.1 });
  expect(result[1]).toBe(0);
  expectClose([result[3], klDistance([result[0]], [1])], [1, 0.1]);
});

const identity = [1, 0, 0, 1];
const inverse = (matrix: Float64Array): Float64Array => choleskySolve(choleskyFactor(matrix), identity);

/**
 * min f subject to g ≤ ε by its dual, knowing nothing of the solution's form: for each multiplier, descent on
 * f + η g over factors; between multipliers, bisection on g − ε. Both divergences are convex in Σ.
 */
function constrainedMinimum(target: Float64Array, old: Float64Array, limit: number): number[] {
  const factor = input("factor", [2, 2]);
  const sigma = covarianceOfFactor(factor);
  const [toTarget, toOld, multiplier] = [input("target", [2, 2]), input("old", [2, 2]), input("multiplier", [])];
  const divergence = (precision: typeof toOld) => sigma.mul(precision).sum().sub(logDeterminant(sigma)).mul(0.5);
  const objective = divergence(toTarget).add(multiplier.mul(divergence(toOld))).div(multiplier.add(1));
  const [gradient] = grad(objective, [factor]);
  const fixed = { target: inverse(target), old: inverse(old) };
  let point = [0, 0, 0, 0];
  const descend = (eta: number): number[] => {
    const at = (x: number[]) => ({ ...fixed, factor: x, multiplier: eta });
    let [step, slope] = [0.1, valuesOf(gradient, at(point))];
    for (let k = 0; k < 400 && slope.some((g) => Math.abs(g) > 1e-11); k++) {
      const moved = point.map((x, i) => x - step * slope[i]);
      const next = valuesOf(gradient, at(moved));
      // Barzilai and Borwein's step: the inverse curvature along the last move.
      const curvature = slope.reduce((sum, g, i) => sum + (moved[i] - point[i]) * (next[i] - g), 0);
      const length = slope.reduce((sum, _, i) => sum + (moved[i] - point[i]) ** 2, 0);
      step = curvature > 1e-30 ? Math.min(length / curvature, 2) : 0.1;
      [point, slope] = [moved, next];
    }
    return valuesOf(sigma, at(point));
  };
  let [low, high] = [-12, 12];
  for (let k = 0; k < 45; k++) {
    const middle = (low + high) / 2;
    if (klDistance(descend(exp(middle)), old) > limit) low = middle;
    else high = middle;
  }
  return descend(exp(high));
}

describe("laws", () => {
  test("it is what a generic constrained solver finds", () => {
    const random = new Random(17);
    for (let k = 0; k < 4; k++) {
      const [target, old] = [0, 1].map(() => {
        const [a, b, c] = [random.uniform(0.5, 2), random.uniform(-0.4, 0.4), random.uniform(0.5, 2)];
        return Float64Array.of(a, b, b, c);
      });
      const limit = random.uniform(0.1, 0.6) * klDistance(target, old);
      const result = valuesOf(projected, { covariance: target, oldCovariance: old, bound: limit });
      // The solver's own stops: 1e-11 in the slope, over curvatures that are not small.
      expectClose(result, constrainedMinimum(target, old, limit), 1e-7);
    }
  });

  test("its precision is the mean of the precisions that 1/(1 + η) weighs", () => {
    fc.assert(
      fc.property(pairs, binding, (pair, share) => {
        const { n } = pair;
        const limit = share * klDistance(pair.covariance, pair.oldCovariance);
        const options = { covariance: input("covariance", [n, n]), oldCovariance: input("oldCovariance", [n, n]), bound: limit };
        const result = Float64Array.from(valuesOf(klProjection(options), { covariance: pair.covariance, oldCovariance: pair.oldCovariance }));
        const unit = Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 1 : 0));
        const [own, other, old] = [result, pair.covariance, pair.oldCovariance].map((x) => choleskySolve(choleskyFactor(x), unit));
        const pull = own.reduce((sum, x, k) => sum + (x - old[k]) * (other[k] - old[k]), 0);
        const weight = pull / other.reduce((sum, x, k) => sum + (x - old[k]) * (x - old[k]), 0);
        expect(weight).toBeGreaterThan(0);
        expect(weight).toBeLessThan(1);
        expectClose(own, old.map((x, k) => x + weight * (other[k] - x)), 1e-8);
      }),
    );
  });

  test("no covariance within the bound is nearer", () => {
    fc.assert(
      fc.property(pairs, fc.nat(1e6), binding, (pair, seed, share) => {
        const stretch = new Random(seed).uniform(-1, 1);
        // The old covariance moved along another direction: Σ_old + v vᵀ for v = (1, c, c², …).
        const other = pair.oldCovariance.map((x, k) => x + stretch ** (Math.floor(k / pair.n) + (k % pair.n)));
        const limit = share * klDistance(pair.covariance, pair.oldCovariance);
        const project = (sigma: Float64Array): number[] =>
          valuesOf(klProjection({ covariance: input("c", [pair.n, pair.n]), oldCovariance: input("o", [pair.n, pair.n]), bound: limit }), {
            c: sigma,
            o: pair.oldCovariance,
          });
        const best = klDistance(project(pair.covariance), pair.covariance);
        expect(klDistance(project(other), pair.covariance)).toBeGreaterThanOrEqual(best - 1e-10);
      }),
    );
  });

  test("the step reaches the bound over all magnitudes, and for many dimensions", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -60, max: 60 }), { minLength: 1, maxLength: 200 }), fc.integer({ min: -5, max: 1 }), (exponents, digits) => {
        const shares = exponents.map((e) => exp(e / 10));
        const limit = 10 ** digits;
        const t = klStep(shares.map((s) => 1 / s - 1), 0, shares.length, limit);
        const divergence = shares.reduce((sum, s) => {
          const projectedShare = 1 / (1 + t * (1 / s - 1));
          return sum + (projectedShare - 1 - log(projectedShare)) / 2;
        }, 0);
        if (t < 1) expect(Math.abs(divergence / limit - 1)).toBeLessThan(1e-8);
        else expect(divergence).toBeLessThanOrEqual(limit);
      }),
    );
  });
});

test("a step that meets the bound to the bit is the last", () => {
  // √k is √ε exactly after four steps; a bisection from there would stop 1e-8 away.
  const u = [0.42120478025949815, 2.0144005434645202].map((share) => 1 / share - 1);
  expectClose([klStep(u, 0, 2, 0.12 * 0.29997260574275075)], [0.3115195325801856], 1e-14);
});

test("the product of many large shares does not overflow", () => {
  const u = Array.from({ length: 200 }, () => exp(-6) - 1);
  const t = klStep(u, 0, 200, 0.1);
  const share = 1 / (1 + t * u[0]);
  expectClose([100 * (share - 1 - log(share))], [0.1]);
});

test("a diagonal bound that is fed and is none", () => {
  const [standardDeviation, oldStandardDeviation] = [input("s", [1]), input("o", [1])];
  const run = (): unknown => valuesOf(diagonalKlProjection({ standardDeviation, oldStandardDeviation, bound }), { s: [1], o: [2], bound: -1 });
  expect(run).toThrow("diagonalKlProjection: bound: expected a finite number > 0, got -1");
});

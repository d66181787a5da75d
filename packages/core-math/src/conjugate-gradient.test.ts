import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectMatrix, multiply, positiveProblems, referenceMatrices, symmetricProblems } from "../test/matrices.js";
import { solveSymmetricPositiveDefinite } from "./cholesky.js";
import { conjugateGradient, conjugateGradientSteps } from "./conjugate-gradient.js";
import type { LinearOperator } from "./conjugate-gradient.js";
import { NumericalError, OptionError } from "./errors.js";
import { symmetricEigen } from "./symmetric-eigen.js";

/** Products with a matrix. */
function productsWith(matrix: ArrayLike<number>): LinearOperator {
  return (x, out) => out.set(multiply(Float64Array.from(matrix), x, x.length));
}

function norm(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}

test("two steps solve two equations", () => {
  const { x, iterations, residuals, reason } = conjugateGradient(productsWith([4, 1, 1, 3]), [1, 2]);
  expectMatrix(x, [1 / 11, 7 / 11], 1e-15);
  expect(iterations).toBe(2);
  expect(reason).toBe("converged");
  expect(residuals.length).toBe(3);
  expect(residuals[0]).toBe(Math.sqrt(5));
});

test("products that are awaited", async () => {
  const multiplied = productsWith([4, 1, 1, 3]);
  const steps = conjugateGradientSteps([1, 2]);
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) {
    await Promise.resolve();
    multiplied(step.value.direction, step.value.product);
  }
  expect(step.value).toEqual(conjugateGradient(multiplied, [1, 2]));
  expect(() => conjugateGradientSteps([1], { maxIterations: -1 }).next()).toThrow("maxIterations");
});

test("nothing to do, and no time to do it", () => {
  const nothing = conjugateGradient(productsWith([1]), [0]);
  expect(nothing).toMatchObject({ x: Float64Array.of(0), iterations: 0, reason: "converged" });
  const stopped = conjugateGradient(productsWith([4, 1, 1, 3]), [1, 2], { maxIterations: 1 });
  expect(stopped).toMatchObject({ iterations: 1, reason: "maxIterations" });
  // One step of steepest descent: b rᵀr / rᵀAr = b · 5/20.
  expectMatrix(stopped.x, [0.25, 0.5], 1e-15);
});

test("a direction of non-positive curvature stops it before the step", () => {
  const flat = conjugateGradient(productsWith([1, 0, 0, 0]), [0, 1]);
  expect(flat).toMatchObject({ x: Float64Array.of(0, 0), iterations: 0, reason: "nonPositiveCurvature" });
  expect(flat.direction).toEqual(Float64Array.of(0, 1));
});

describe("laws", () => {
  const columnOf = (b: Float64Array, n: number): Float64Array => b.slice(0, n);

  test("n steps come to Cholesky's solution", () => {
    fc.assert(
      fc.property(positiveProblems, ({ n, matrix, b }) => {
        const right = columnOf(b, n);
        const { x } = conjugateGradient(productsWith(matrix), right, { maxIterations: 3 * n, tolerance: 1e-14 });
        expectMatrix(x, solveSymmetricPositiveDefinite(matrix, right));
      }),
    );
  });

  test("any scale of the right-hand side is as good as another", () => {
    fc.assert(
      fc.property(positiveProblems, fc.integer({ min: -300, max: 300 }), ({ n, matrix, b }, exponent) => {
        const right = columnOf(b, n);
        const scale = 2 ** exponent;
        const { x, iterations } = conjugateGradient(productsWith(matrix), right);
        const scaled = conjugateGradient(productsWith(matrix), right.map((value) => value * scale));
        expect(scaled.x).toEqual(x.map((value) => value * scale));
        expect(scaled.iterations).toBe(iterations);
      }),
    );
  });

  test("residuals are those of the iterates", () => {
    fc.assert(
      fc.property(positiveProblems, fc.integer({ min: 0, max: 8 }), ({ n, matrix, b }, maxIterations) => {
        const right = columnOf(b, n);
        const { x, residuals, iterations } = conjugateGradient(productsWith(matrix), right, { maxIterations });
        const rest = multiply(matrix, x, n).map((value, i) => right[i] - value);
        expect(residuals.length).toBe(iterations + 1);
        expect(Math.abs(norm(rest) - residuals[iterations])).toBeLessThanOrEqual(1e-10 * Math.max(...residuals));
      }),
    );
  });

  test("each step lowers ½ xᵀA x − bᵀx and lengthens x", () => {
    fc.assert(
      fc.property(positiveProblems, ({ n, matrix, b }) => {
        const right = columnOf(b, n);
        let lowest = 0;
        let longest = 0;
        for (let maxIterations = 1; maxIterations <= n; maxIterations++) {
          const { x } = conjugateGradient(productsWith(matrix), right, { maxIterations });
          const image = multiply(matrix, x, n);
          const value = x.reduce((sum, xi, i) => sum + xi * (0.5 * image[i] - right[i]), 0);
          expect(value).toBeLessThanOrEqual(lowest + 1e-12);
          expect(norm(x)).toBeGreaterThanOrEqual(longest * (1 - 1e-10));
          lowest = value;
          longest = norm(x);
        }
      }),
    );
  });

  test("where it reports non-positive curvature, its direction has it, and the matrix an eigenvalue to match", () => {
    fc.assert(
      fc.property(symmetricProblems, ({ n, matrix, b }) => {
        const { reason, direction } = conjugateGradient(productsWith(matrix), columnOf(b, n));
        if (reason !== "nonPositiveCurvature") return;
        const image = multiply(matrix, direction, n);
        const curvature = direction.reduce((sum, value, i) => sum + value * image[i], 0);
        expect(curvature).toBeLessThanOrEqual(0);
        expect(symmetricEigen(matrix).values[0]).toBeLessThanOrEqual(1e-14);
      }),
    );
  });
});

test.each(referenceMatrices())("SciPy's solution, $n rows", ({ matrix, b, solve, n }) => {
  expectMatrix(conjugateGradient(productsWith(matrix), b, { tolerance: 1e-14, maxIterations: 3 * n }).x, solve);
});

test("errors name the argument", () => {
  const identity: LinearOperator = (x, out) => out.set(x);
  expect(() => conjugateGradient(identity, [1, Number.NaN])).toThrow(NumericalError);
  expect(() => conjugateGradient(identity, [1, Number.NaN])).toThrow("b at [1]: expected a finite number, got NaN");
  expect(() => conjugateGradient(identity, [1], { tolerance: -1 })).toThrow(OptionError);
  expect(() => conjugateGradient(identity, [1], { maxIterations: 0.5 })).toThrow("maxIterations: expected an integer ≥ 0, got 0.5");
  const spoilt: LinearOperator = (_, out) => out.fill(Number.NaN, 1);
  expect(() => conjugateGradient(spoilt, [1, 1])).toThrow(NumericalError);
  expect(() => conjugateGradient(spoilt, [1, 1])).toThrow("operator's product at [1]: expected a finite number, got NaN");
  const huge: LinearOperator = (_, out) => out.fill(1e308);
  expect(() => conjugateGradient(huge, [1e10, 1e10])).toThrow("operator's product: expected numbers whose squares are finite, got an overflow");
});

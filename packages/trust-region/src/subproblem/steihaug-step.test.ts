import { NumericalError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dot, expectClose } from "../../test/generators.js";
import { applied, quadratics } from "../../test/matrices.js";
import type { Quadratic } from "../../test/matrices.js";
import { quadraticStep, steihaugStep } from "../index.js";

const length = (x: ArrayLike<number>): number => Math.sqrt(dot(x, x));
const modelOf = ({ gradient, hessian, radius }: Pick<Quadratic, "gradient" | "hessian" | "radius">) => ({
  gradient,
  radius,
  product: (v: Float64Array, out: Float64Array): void => out.set(applied(hessian, v)),
});

test("a bowl: down to its bottom, or to the boundary", () => {
  const bowl = { gradient: Float64Array.of(-2, -8), hessian: Float64Array.of(2, 0, 0, 4), radius: 3 };
  const inside = steihaugStep(modelOf(bowl));
  expectClose(inside.step, [1, 2]);
  expect(inside).toMatchObject({ onBoundary: false, iterations: 2 });
  expect(inside.predictedDecrease).toBeCloseTo(9, 12);
  const outside = steihaugStep(modelOf({ ...bowl, gradient: Float64Array.of(-30, 0) }));
  expectClose(outside.step, [3, 0]);
  expect(outside).toMatchObject({ onBoundary: true, iterations: 1 });
});

test("a region as large as can be, of a model that falls for ever", () => {
  const { step, onBoundary } = steihaugStep(modelOf({ gradient: Float64Array.of(3, 4), hessian: Float64Array.of(-1, 0, 0, -1), radius: 1e150 }));
  expectClose(step.map((x) => x / 1e150), [-0.6, -0.8]);
  expect(onBoundary).toBe(true);
});

test("no gradient, no step", () => {
  const flat = modelOf({ gradient: new Float64Array(2), hessian: Float64Array.of(-1, 0, 0, 1), radius: 1 });
  expect(steihaugStep(flat)).toMatchObject({ iterations: 0, onBoundary: false, predictedDecrease: -0 });
});

describe("laws", () => {
  test("it stays in the region, and goes to the boundary where the curvature is not positive", () => {
    fc.assert(
      fc.property(quadratics(false), (model) => {
        const { step, onBoundary } = steihaugStep(modelOf(model));
        expect(length(step)).toBeLessThanOrEqual(model.radius * (1 + 1e-12));
        if (onBoundary) expect(length(step)).toBeGreaterThanOrEqual(model.radius * (1 - 1e-12));
        if (Math.max(...model.values) <= 0) expect(onBoundary).toBe(true);
      }),
    );
  });

  test("it gains at least what the Cauchy point does, and at most what the exact step does", () => {
    fc.assert(
      fc.property(quadratics(false), (model) => {
        const { step, predictedDecrease } = steihaugStep(modelOf(model));
        expectClose([predictedDecrease], [-(dot(model.gradient, step) + dot(step, applied(model.hessian, step)) / 2)]);
        expect(predictedDecrease).toBeGreaterThanOrEqual(cauchyDecrease(model) - 1e-12);
        expect(predictedDecrease).toBeLessThanOrEqual(quadraticStep(model).predictedDecrease + 1e-10);
      }),
    );
  });

  test("where B is positive definite it gains at least half of what the exact step does, and all of it inside", () => {
    fc.assert(
      fc.property(quadratics(true), (model) => {
        const { step, predictedDecrease, onBoundary } = steihaugStep(modelOf(model));
        const exact = quadraticStep(model);
        expect(predictedDecrease).toBeGreaterThanOrEqual(exact.predictedDecrease / 2);
        if (!onBoundary) expectClose(step, exact.step);
      }),
    );
  });

  test("more iterations are longer and lower", () => {
    fc.assert(
      fc.property(quadratics(true), (model) => {
        let last = steihaugStep({ ...modelOf(model), maxIterations: 1 });
        for (let maxIterations = 2; maxIterations <= model.n; maxIterations++) {
          const next = steihaugStep({ ...modelOf(model), maxIterations });
          expect(next.predictedDecrease).toBeGreaterThanOrEqual(last.predictedDecrease - 1e-12);
          expect(length(next.step)).toBeGreaterThanOrEqual(length(last.step) - 1e-12);
          last = next;
        }
      }),
    );
  });
});

/** What the best step along −g gains. */
function cauchyDecrease({ gradient, hessian, radius }: Quadratic): number {
  const size = length(gradient);
  const curvature = dot(gradient, applied(hessian, gradient));
  const scale = curvature <= 0 ? radius / size : Math.min(radius / size, (size * size) / curvature);
  return scale * size * size - (scale * scale * curvature) / 2;
}

test("errors name the argument", () => {
  const model = modelOf({ gradient: Float64Array.of(1, 1), hessian: Float64Array.of(1, 0, 0, 1), radius: 1 });
  expect(() => steihaugStep({ ...model, radius: -1 })).toThrow("radius: expected a finite number in (0, 1e+150], got -1");
  expect(() => steihaugStep({ ...model, gradient: [1, Infinity] })).toThrow("gradient at [1]: expected a finite number, got Infinity");
  expect(() => steihaugStep({ ...model, gradient: [1e200, 0] })).toThrow("gradient: expected numbers whose squares are finite");
  expect(() => steihaugStep({ ...model, tolerance: -1 })).toThrow("tolerance: expected a finite number ≥ 0, got -1");
  expect(() => steihaugStep({ ...model, maxIterations: 0 })).toThrow("maxIterations: expected an integer ≥ 1, got 0");
  expect(() => steihaugStep({ ...model, gradient: [] })).toThrow("gradient: expected at least one number, got []");
  expect(() => steihaugStep({ ...model, product: 3 as never })).toThrow("product: expected a function, got 3");
  const broken = { ...model, product: (_: Float64Array, out: Float64Array): void => void out.fill(Number.NaN) };
  expect(() => steihaugStep(broken)).toThrow(NumericalError);
  expect(() => steihaugStep(broken)).toThrow("product at [0]: expected a finite number, got NaN");
});

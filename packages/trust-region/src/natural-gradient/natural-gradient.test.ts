import { NumericalError, OptionError, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dot, expectClose, normals } from "../../test/generators.js";
import { applied, product, quadratics, transposed } from "../../test/matrices.js";
import { euclideanStep, naturalGradient, naturalGradientByProducts, naturalStepSize } from "../index.js";

const byProducts = (fisher: Float64Array) => (v: Float64Array, out: Float64Array): void => out.set(applied(fisher, v));

test("a step of length 5 along (3, 4)", () => {
  expect([...euclideanStep([3, 4], 5)]).toEqual([3, 4]);
  expect([...euclideanStep([0, 0], 5)]).toEqual([0, 0]);
  expectClose(euclideanStep([3e200, 4e200], 10), [6, 8]);
});

test("a diagonal Fisher matrix divides", () => {
  const direction = naturalGradient([2, 8], [1, 0, 0, 4]);
  expectClose(direction, [2, 2]);
  expect(naturalStepSize([2, 8], direction, 0.1)).toBeCloseTo(0.1, 14);
  expect(naturalStepSize([0, 0], [0, 0], 0.1)).toBe(0);
});

test("damping is added to the matrix", () => {
  const fisher = Float64Array.of(1, 0, 0, 0);
  expectClose(naturalGradientByProducts([1, 1], byProducts(fisher), { damping: 1 }).x, [0.5, 1]);
  expect(naturalGradientByProducts([0, 1], byProducts(fisher)).reason).toBe("nonPositiveCurvature");
});

describe("laws", () => {
  test("a Euclidean step has its length, and no other step of that length gains more", () => {
    fc.assert(
      fc.property(quadratics(true), ({ n, gradient, radius, random }) => {
        const step = euclideanStep(gradient, radius);
        expectClose([Math.sqrt(dot(step, step))], [radius]);
        const other = euclideanStep(normals(n, 1, random), radius);
        expect(dot(gradient, step)).toBeGreaterThanOrEqual(dot(gradient, other) - 1e-12);
      }),
    );
  });

  test("F d = g and gᵀF⁻¹g > 0, by solve and by products", () => {
    fc.assert(
      fc.property(quadratics(true), ({ hessian: fisher, gradient }) => {
        const direction = naturalGradient(gradient, fisher);
        expectClose(applied(fisher, direction), gradient);
        expect(dot(gradient, direction)).toBeGreaterThan(0);
        const { x } = naturalGradientByProducts(gradient, byProducts(fisher), { tolerance: 1e-13, maxIterations: 20 });
        expectClose(x, direction);
      }),
    );
  });

  test("the step has the divergence ½ ΔᵀFΔ = δ, cut off early or not", () => {
    fc.assert(
      fc.property(quadratics(true), fc.integer({ min: 1, max: 5 }), ({ hessian: fisher, gradient }, maxIterations) => {
        const { x } = naturalGradientByProducts(gradient, byProducts(fisher), { maxIterations });
        const size = naturalStepSize(gradient, x, 0.01);
        const step = x.map((d) => size * d);
        expectClose([dot(step, applied(fisher, step)) / 2], [0.01]);
      }),
    );
  });

  test("no other step of that divergence gains more to first order", () => {
    fc.assert(
      fc.property(quadratics(true), ({ n, hessian: fisher, gradient, random }) => {
        const direction = naturalGradient(gradient, fisher);
        const most = naturalStepSize(gradient, direction, 0.01) * dot(gradient, direction);
        const other = normals(n, 1, random);
        const scale = Math.sqrt(0.02 / dot(other, applied(fisher, other)));
        expect(scale * dot(gradient, other)).toBeLessThanOrEqual(most + 1e-12);
      }),
    );
  });

  test("it does not depend on the parameters: with θ = Jφ, J d_φ = d_θ and the step sizes agree", () => {
    fc.assert(
      fc.property(quadratics(true), quadratics(true), ({ n, hessian: fisher, gradient, random }, { radius }) => {
        // J = I + a small random matrix, times a unit: invertible, and far from a rotation.
        const jacobian = normals(n * n, 0.2 / n, random).map((x, k) => radius * (x + (k % (n + 1) === 0 ? 1 : 0)));
        const pulledGradient = applied(transposed(jacobian, n), gradient);
        const pulledFisher = product(transposed(jacobian, n), product(fisher, jacobian, n), n);
        const direction = naturalGradient(gradient, fisher);
        const pulled = naturalGradient(pulledGradient, pulledFisher.map((x, k) => (x + transposed(pulledFisher, n)[k]) / 2));
        expectClose(applied(jacobian, pulled), direction);
        expectClose([naturalStepSize(pulledGradient, pulled, 0.1)], [naturalStepSize(gradient, direction, 0.1)]);
      }),
    );
  });

  test("the Euclidean step does: a parameter in other units leads elsewhere", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 50 }), (unit) => {
        const [plain, scaled] = [euclideanStep([1, 1], 1), euclideanStep([unit, 1], 1)];
        expect(Math.abs((unit * scaled[0]) / scaled[1] - plain[0] / plain[1])).toBeGreaterThan(1);
      }),
    );
  });
});

test("errors name the argument", () => {
  expect(() => euclideanStep([1, Number.NaN], 1)).toThrow(NumericalError);
  expect(() => euclideanStep([1], -1)).toThrow("length: expected a finite number ≥ 0, got -1");
  expect(() => naturalGradient([1, 1], [1, 0, 0, -1])).toThrow(OptionError);
  expect(() => naturalGradient([1, 1], [1, 0, 0, -1])).toThrow(
    "fisher: expected a positive definite matrix, got one whose leading 2 × 2 part is not",
  );
  expect(() => naturalGradient([1, 1], [1])).toThrow(ShapeError);
  expect(() => naturalGradient([1, 1], [1, 0, 0, Infinity])).toThrow("fisher at [1, 1]: expected a finite number, got Infinity");
  expect(() => naturalGradientByProducts([1], () => undefined, { damping: -1 })).toThrow("damping: expected a finite number ≥ 0, got -1");
  expect(() => naturalGradientByProducts([Infinity], () => undefined)).toThrow("gradient at [0]: expected a finite number, got Infinity");
  expect(() => naturalGradientByProducts([1], 3 as never)).toThrow("product: expected a function, got 3");
  for (const step of [() => euclideanStep([], 1), () => naturalGradient([], []), () => naturalStepSize([], [], 1)]) {
    expect(step).toThrow("gradient: expected at least one number, got []");
  }
  expect(() => naturalStepSize([1, 0], [-1, 0], 0.1)).toThrow("direction: expected one of gᵀd > 0, got -1");
  expect(() => naturalStepSize([1, 0], [1], 0.1)).toThrow("direction: expected length 2, got [1]");
  expect(() => naturalStepSize([1], [1], -0.1)).toThrow("klNats: expected a finite number ≥ 0, got -0.1");
});

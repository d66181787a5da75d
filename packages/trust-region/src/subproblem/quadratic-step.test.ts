import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dot, expectClose, normals } from "../../test/generators.js";
import { applied, quadratics } from "../../test/matrices.js";
import type { Quadratic } from "../../test/matrices.js";
import { quadraticStep } from "../index.js";

const length = (x: ArrayLike<number>): number => Math.sqrt(dot(x, x));
const modelAt = ({ gradient, hessian }: Pick<Quadratic, "gradient" | "hessian">, p: Float64Array): number =>
  dot(gradient, p) + dot(p, applied(hessian, p)) / 2;

test("inside the region it is Newton's step, outside it ends on the boundary", () => {
  const model = { gradient: [-2, -8], hessian: [2, 0, 0, 4] };
  const inside = quadraticStep({ ...model, radius: 3 });
  expectClose(inside.step, [1, 2]);
  expect(inside).toMatchObject({ onBoundary: false, multiplier: 0 });
  expect(inside.predictedDecrease).toBeCloseTo(9, 12);
  const outside = quadraticStep({ gradient: [-3, 0], hessian: [1, 0, 0, 1], radius: 1 });
  expectClose(outside.step, [1, 0]);
  expectClose([outside.multiplier, outside.predictedDecrease], [2, 2.5]);
  expect(outside.onBoundary).toBe(true);
});

test("the hard case: the gradient is orthogonal to where the model falls", () => {
  const { step, multiplier, onBoundary } = quadraticStep({ gradient: [0, 1], hessian: [-1, 0, 0, 1], radius: 2 });
  expectClose([Math.abs(step[0]), step[1]], [Math.sqrt(4 - 0.25), -0.5]);
  expect([multiplier, onBoundary]).toEqual([1, true]);
  const saddle = quadraticStep({ gradient: [0, 0], hessian: [1, 0, 0, -2], radius: 3 });
  expectClose(saddle.step.map(Math.abs), [0, 3]);
  expect(saddle.predictedDecrease).toBeCloseTo(9, 12);
});

test("where the model falls alike in every direction, along −g", () => {
  const { step, multiplier } = quadraticStep({ gradient: [0, 1], hessian: [-1, 0, 0, -1], radius: 2 });
  expectClose(step, [0, -2]);
  expectClose([multiplier], [1.5]);
});

test("the symmetric part of the Hessian is what counts", () => {
  const model = { gradient: [1, 2], radius: 10 };
  const [skew, even] = [[3, 2, 0, 3], [3, 1, 1, 3]].map((hessian) => quadraticStep({ ...model, hessian }));
  expect(skew).toEqual(even);
});

test("a direction that does not matter is left alone", () => {
  const { step, onBoundary } = quadraticStep({ gradient: [0, 1], hessian: [0, 0, 0, 2], radius: 1 });
  expectClose(step, [0, -0.5]);
  expect(onBoundary).toBe(false);
  expect([...quadraticStep({ gradient: [0, 0], hessian: [1, 0, 0, 1], radius: 1 }).step].map(Math.abs)).toEqual([0, 0]);
});

describe("laws", () => {
  test("it solves (B + μI) p = −g with B + μI ⪰ 0, and μ = 0 or ‖p‖ = Δ: the conditions of the minimum", () => {
    fc.assert(
      fc.property(quadratics(false), ({ values, hessian, gradient, radius }) => {
        const { step, multiplier, onBoundary } = quadraticStep({ gradient, hessian, radius });
        const shifted = applied(hessian, step).map((x, i) => x + multiplier * step[i]);
        expectClose(shifted, gradient.map((g) => -g));
        expect(multiplier).toBeGreaterThanOrEqual(Math.max(0, -Math.min(...values)) - 1e-10);
        if (onBoundary) expect(Math.abs(length(step) / radius - 1)).toBeLessThan(1e-10);
        else expect(multiplier).toBe(0);
        expect(length(step)).toBeLessThanOrEqual(radius * (1 + 1e-10));
      }),
    );
  });

  test("in the hard case too, and when it is nearly hard", () => {
    fc.assert(
      fc.property(quadratics(false), fc.constantFrom(0, 1e-17, 1e-12, 1e-6), ({ n, vectors, values, hessian, random }, part) => {
        const least = Math.min(...values);
        const rotated = normals(n, 1, random).map((x, k) => x * (values[k] === least ? part : 1));
        const gradient = applied(vectors, rotated);
        const { step, multiplier } = quadraticStep({ gradient, hessian, radius: 10 });
        const shifted = applied(hessian, step).map((x, i) => x + multiplier * step[i]);
        expectClose(shifted, gradient.map((g) => -g));
        expect(multiplier).toBeGreaterThanOrEqual(Math.max(0, -least) - 1e-10);
        expect(length(step)).toBeLessThanOrEqual(10 * (1 + 1e-10));
        if (least < 0) expect(length(step)).toBeGreaterThanOrEqual(10 * (1 - 1e-10));
      }),
    );
  });

  test("no other point of the region is lower", () => {
    fc.assert(
      fc.property(quadratics(false), (model) => {
        const { step, predictedDecrease } = quadraticStep(model);
        expectClose([predictedDecrease], [-modelAt(model, step)]);
        for (let k = 0; k < 20; k++) {
          const direction = normals(model.n, 1, model.random);
          const scale = (model.radius * model.random.random()) / length(direction);
          expect(modelAt(model, direction.map((x) => scale * x))).toBeGreaterThanOrEqual(-predictedDecrease - 1e-10);
        }
      }),
    );
  });
});

test("errors name the argument", () => {
  const model = { gradient: [1, 0], hessian: [1, 0, 0, 1], radius: 1 };
  expect(() => quadraticStep({ ...model, radius: 0 })).toThrow("radius: expected a finite number > 0, got 0");
  expect(() => quadraticStep({ ...model, gradient: [1, Number.NaN] })).toThrow("gradient at [1]: expected a finite number, got NaN");
  expect(() => quadraticStep({ ...model, hessian: [1] })).toThrow("hessian: expected length 4, got [1]");
  expect(() => quadraticStep({ ...model, hessian: [1, 0, 0, Infinity] })).toThrow("hessian at [1, 1]: expected a finite number");
  expect(() => quadraticStep({ ...model, gradient: [] })).toThrow("gradient: expected at least one number, got []");
});

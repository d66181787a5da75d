import { log } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/generators.js";
import { applied, quadratics } from "../../test/matrices.js";
import { minimizeInTrustRegion, quadraticStep, steihaugStep, trustRegionUpdate } from "../index.js";
import type { TrustRegionProblem } from "../index.js";

describe("trustRegionUpdate", () => {
  const trial = { ratio: 0.5, onBoundary: true, radius: 1, maxRadius: 1.5 };

  test.each<[string, Partial<typeof trial>, { radius: number; accepted: boolean }]>([
    ["a good step keeps the region", {}, { radius: 1, accepted: true }],
    ["a very good one grows it, to the most", { ratio: 0.9 }, { radius: 1.5, accepted: true }],
    ["unless it ended inside", { ratio: 0.9, onBoundary: false }, { radius: 1, accepted: true }],
    ["a poor one is taken, and shrinks it", { ratio: 0.2 }, { radius: 0.25, accepted: true }],
    ["a bad one is not taken", { ratio: 0.05 }, { radius: 0.25, accepted: false }],
    ["nor is one that rises", { ratio: -3 }, { radius: 0.25, accepted: false }],
    ["nor one that leads nowhere", { ratio: Number.NaN }, { radius: 0.25, accepted: false }],
  ])("%s", (_, change, expected) => {
    expect(trustRegionUpdate({ ...trial, ...change })).toEqual(expected);
  });

  test("errors name the argument", () => {
    expect(() => trustRegionUpdate({ ...trial, radius: 0 })).toThrow("radius: expected a finite number > 0, got 0");
    expect(() => trustRegionUpdate({ ...trial, maxRadius: 0.5 })).toThrow("maxRadius: expected a finite number ≥ 1, got 0.5");
    expect(() => trustRegionUpdate({ ...trial, acceptAbove: 0.25 })).toThrow("acceptAbove: expected a finite number in [0, 0.25), got 0.25");
  });
});

/** Rosenbrock's valley: 100 (y − x²)² + (1 − x)², lowest at (1, 1). */
const valley = {
  value: ([x, y]: Float64Array): number => 100 * (y - x * x) ** 2 + (1 - x) ** 2,
  gradient: ([x, y]: Float64Array): number[] => [-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)],
  hessian: ([x, y]: Float64Array): number[] => [1200 * x * x - 400 * y + 2, -400 * x, -400 * x, 200],
  start: [-1.2, 1],
};

const exact: TrustRegionProblem = {
  ...valley,
  step: (x, gradient, radius) => quadraticStep({ gradient, hessian: valley.hessian(x), radius }),
};
const truncated: TrustRegionProblem = {
  ...valley,
  step: (x, gradient, radius) => {
    const hessian = valley.hessian(x);
    return steihaugStep({ gradient, radius, product: (v, out) => out.set(applied(hessian, v)) });
  },
};

test.each([["exact", exact], ["truncated", truncated]])("through a curved valley by %s steps", (_, problem) => {
  const { x, value, reason, iterations, accepted } = minimizeInTrustRegion(problem);
  expect(reason).toBe("converged");
  expectClose(x, [1, 1], 1e-8);
  expect(value).toBeLessThan(1e-16);
  expect(iterations).toBeLessThan(60);
  expect(accepted).toBeLessThan(iterations);
});

describe("laws", () => {
  test("the objective never rises, however few iterations it has", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.constantFrom(0.01, 1, 100), (maxIterations, radius) => {
        const before = minimizeInTrustRegion({ ...exact, radius, maxIterations });
        const after = minimizeInTrustRegion({ ...exact, radius, maxIterations: maxIterations + 1 });
        expect(after.value).toBeLessThanOrEqual(before.value);
        expect(before.value).toBe(valley.value(before.x));
        if (after.accepted > before.accepted) expect(after.value).toBeLessThan(before.value);
        else expect([...after.x]).toEqual([...before.x]);
      }),
    );
  });

  test("a bowl takes one step, once the region holds its bottom", () => {
    fc.assert(
      fc.property(quadratics(true), ({ n, hessian, gradient }) => {
        const { x, iterations, radius } = minimizeInTrustRegion({
          value: (point) => gradient.reduce((sum, g, i) => sum + g * point[i], 0) + applied(hessian, point).reduce((sum, h, i) => sum + h * point[i], 0) / 2,
          gradient: (point) => applied(hessian, point).map((h, i) => h + gradient[i]),
          step: (_, slope, within) => quadraticStep({ gradient: slope, hessian, radius: within }),
          start: new Float64Array(n),
          radius: 100,
        });
        expect([iterations, radius]).toEqual([1, 100]);
        expectClose(applied(hessian, x), gradient.map((g) => -g), 1e-8);
      }),
    );
  });
});

test("what is out of the domain is refused", () => {
  // −log x + x, lowest at 1; the first model steps beyond 0.
  const { x, reason } = minimizeInTrustRegion({
    value: ([at]) => (at > 0 ? at - log(at) : Number.NaN),
    gradient: ([at]) => [1 - 1 / at],
    step: (_, gradient, radius) => quadraticStep({ gradient, hessian: [0.01], radius }),
    start: [3],
    radius: 50,
  });
  expect(reason).not.toBe("maxIterations");
  expectClose(x, [1], 1e-6);
});

test("it stops where the model promises less than rounding, or the region is nothing", () => {
  const { hessian } = valley;
  const step: TrustRegionProblem["step"] = (x, gradient, radius) => quadraticStep({ gradient, hessian: hessian(x), radius });
  const raised = minimizeInTrustRegion({ ...valley, step, tolerance: 0, value: (x) => 1e6 + valley.value(x) });
  expect(raised.reason).toBe("precision");
  expect(raised.radius).toBeGreaterThan(1e-12);
  // At 0 no promise is too small for rounding, and every step is refused.
  const lone = minimizeInTrustRegion({
    value: ([at]) => (at === 0 ? 0 : Infinity),
    gradient: () => [1],
    step: (_, gradient, radius) => quadraticStep({ gradient, hessian: [1], radius }),
    start: [0],
  });
  expect(lone).toMatchObject({ reason: "precision", value: 0, accepted: 0 });
});

test("errors name the argument", () => {
  expect(() => minimizeInTrustRegion({ ...exact, start: [Number.NaN, 1] })).toThrow("start at [0]: expected a finite number, got NaN");
  expect(() => minimizeInTrustRegion({ ...exact, radius: -1 })).toThrow("radius: expected a finite number > 0, got -1");
  expect(() => minimizeInTrustRegion({ ...exact, maxRadius: 0.5 })).toThrow("maxRadius: expected a finite number ≥ 1, got 0.5");
  expect(() => minimizeInTrustRegion({ ...exact, tolerance: -1 })).toThrow("tolerance: expected a finite number ≥ 0, got -1");
  expect(() => minimizeInTrustRegion({ ...exact, acceptAbove: 1 })).toThrow("acceptAbove: expected a finite number in [0, 0.25), got 1");
  expect(() => minimizeInTrustRegion({ ...exact, maxIterations: 0.5 })).toThrow("maxIterations: expected an integer ≥ 0, got 0.5");
  expect(() => minimizeInTrustRegion({ ...exact, step: undefined as never })).toThrow("step: expected a function, got undefined");
  expect(() => minimizeInTrustRegion({ ...exact, start: [] })).toThrow("start: expected at least one number, got []");
  expect(() => minimizeInTrustRegion({ ...exact, value: () => Infinity })).toThrow("value at start: expected a finite number, got Infinity");
  expect(() => minimizeInTrustRegion({ ...exact, gradient: () => [1] })).toThrow("gradient: expected length 2, got [1]");
});

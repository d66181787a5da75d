import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boundedProblems } from "../test/hock-schittkowski.js";
import { expectMatrix, multiply, positiveProblems } from "../test/matrices.js";
import { solveSymmetricPositiveDefinite } from "./cholesky.js";
import { NumericalError, OptionError, ShapeError } from "./errors.js";
import { minimizeLbfgs } from "./minimize-lbfgs.js";
import type { Objective } from "./minimize-lbfgs.js";

/** ½ xᵀA x − bᵀx. */
function quadratic(matrix: Float64Array, b: Float64Array): Objective {
  return (x, gradient) => {
    const image = multiply(matrix, x, x.length);
    let value = 0;
    for (let i = 0; i < x.length; i++) {
      gradient[i] = image[i] - b[i];
      value += x[i] * (0.5 * image[i] - b[i]);
    }
    return value;
  };
}

const bowl: Objective = (x, gradient) => {
  gradient.set(x.map((value, i) => 2 * (value - i)));
  return x.reduce((sum, value, i) => sum + (value - i) ** 2, 0);
};

test("a bowl, free and bounded", () => {
  const { x, value, reason } = minimizeLbfgs(bowl, [5, 5, 5]);
  expectMatrix(x, [0, 1, 2], 1e-8);
  expect(value).toBeLessThan(1e-15);
  expect(reason).toBe("converged");
  const bounded = minimizeLbfgs(bowl, [5, 5, 5], { lower: 0.5, upper: [3, 3, 1.5] });
  expectMatrix(bounded.x, [0.5, 1, 1.5], 1e-8);
  expect([bounded.x[0], bounded.x[2]]).toEqual([0.5, 1.5]);
  expectMatrix(bounded.gradient, [1, 0, -1], 1e-7);
  expect(bounded.projectedGradientNorm).toBeLessThanOrEqual(1e-8);
});

test("why it stopped: no steps left, nothing to gain, nothing to do", () => {
  expect(minimizeLbfgs(bowl, [5, 5, 5], { maxIterations: 0 })).toMatchObject({ reason: "maxIterations", iterations: 0, evaluations: 1 });
  expect(minimizeLbfgs(bowl, [0, 1, 2])).toMatchObject({ reason: "converged", iterations: 0 });
  const misleading: Objective = (_, gradient) => {
    gradient[0] = 1;
    return 3;
  };
  expect(minimizeLbfgs(misleading, [0])).toMatchObject({ reason: "noProgress", value: 3 });
  const rounded: Objective = (x, gradient) => {
    gradient[0] = 2 * x[0];
    return 1e6 + x[0] * x[0];
  };
  expect(minimizeLbfgs(rounded, [1.1], { gradientTolerance: 0 })).toMatchObject({ reason: "converged" });
});

test("where the objective is not finite, the search steps back", () => {
  const barrier: Objective = (x, gradient) => {
    gradient[0] = 1 - 1 / x[0];
    return x[0] - Math.log(x[0]);
  };
  const { x, reason } = minimizeLbfgs(barrier, [0.01]);
  expect(reason).toBe("converged");
  expect(Math.abs(x[0] - 1)).toBeLessThan(1e-7);
});

test("a direction that only goes down ends at its bound, in few evaluations", () => {
  const saddle: Objective = ([a, b], gradient) => {
    gradient[0] = -2 * a;
    gradient[1] = 2 * (b - 1);
    return (b - 1) ** 2 - a * a;
  };
  const { x, reason, evaluations } = minimizeLbfgs(saddle, [0.1, 1.2], { lower: [-1, -9], upper: [2, 9] });
  expect(reason).toBe("converged");
  expectMatrix(x, [2, 1], 1e-8);
  expect(evaluations).toBeLessThan(20);
  const down: Objective = ([a], gradient) => {
    gradient[0] = -2 * a;
    return -a * a;
  };
  expect(minimizeLbfgs(down, [0.1], { upper: 2 })).toMatchObject({ reason: "converged", value: -4, evaluations: 6 });
});

test("a coordinate that does not matter stays where it is, at a bound too", () => {
  const idle: Objective = ([a], gradient) => {
    gradient[0] = 2 * (a - 1);
    gradient[1] = 0;
    return (a - 1) ** 2;
  };
  const { x, reason } = minimizeLbfgs(idle, [5, 0], { lower: 0 });
  expect(reason).toBe("converged");
  expectMatrix(x, [1, 0], 1e-8);
});

test("a coordinate that its bound holds lies on it, to the bit", () => {
  const slope: Objective = ([a], gradient) => {
    gradient[0] = 1;
    return a;
  };
  const start = 0.05290434812714856;
  expect(start + (-0.01 - start)).not.toBe(-0.01);
  expect(minimizeLbfgs(slope, [start], { lower: -0.01 }).x[0]).toBe(-0.01);
});

describe("laws", () => {
  test("without bounds, a quadratic's minimum is Cholesky's solution", () => {
    fc.assert(
      fc.property(positiveProblems, ({ n, matrix, b }) => {
        const right = b.slice(0, n);
        const { x, reason } = minimizeLbfgs(quadratic(matrix, right), new Float64Array(n), { gradientTolerance: 1e-10 });
        expect(reason).not.toBe("maxIterations");
        expectMatrix(x, solveSymmetricPositiveDefinite(matrix, right), 1e-6);
      }),
    );
  });

  test("within bounds: every point tried is feasible, and the gradient holds what is not stationary at its bound", () => {
    fc.assert(
      fc.property(positiveProblems, ({ n, matrix, b }) => {
        const right = b.slice(0, n);
        const lower = right.map((value) => Math.min(value, 0) / 4 - 0.01);
        const upper = right.map((value) => Math.max(value, 0) / 8);
        const objective = quadratic(matrix, right);
        const watched: Objective = (x, gradient) => {
          for (let i = 0; i < n; i++) {
            expect(x[i]).toBeGreaterThanOrEqual(lower[i]);
            expect(x[i]).toBeLessThanOrEqual(upper[i]);
          }
          return objective(x, gradient);
        };
        const { x, gradient, reason, iterations } = minimizeLbfgs(watched, new Float64Array(n).fill(9), { lower, upper });
        expect(reason).not.toBe("maxIterations");
        expect(iterations).toBeLessThan(200);
        for (let i = 0; i < n; i++) {
          expect(Math.min(gradient[i], x[i] - lower[i])).toBeLessThanOrEqual(1e-7);
          expect(Math.min(-gradient[i], upper[i] - x[i])).toBeLessThanOrEqual(1e-7);
          if (gradient[i] > 1e-3) expect(x[i]).toBe(lower[i]);
          if (gradient[i] < -1e-3) expect(x[i]).toBe(upper[i]);
        }
      }),
    );
  });

  test("bounds that do not bind change nothing; a coordinate whose bounds meet stays there", () => {
    fc.assert(
      fc.property(positiveProblems, ({ n, matrix, b }) => {
        const right = b.slice(0, n);
        const objective = quadratic(matrix, right);
        const start = new Float64Array(n);
        const loose = minimizeLbfgs(objective, start, { lower: -1e6, upper: 1e6 });
        expect(loose).toEqual(minimizeLbfgs(objective, start));
        const lower = start.map((_, i) => (i === 0 ? 0.3 : -Infinity));
        const upper = start.map((_, i) => (i === 0 ? 0.3 : Infinity));
        const { x, gradient } = minimizeLbfgs(objective, start, { lower, upper });
        expect(x[0]).toBe(0.3);
        expectMatrix(gradient.map((value, i) => (i === 0 ? 0 : value) + 1), new Float64Array(n).fill(1), 1e-6);
      }),
    );
  });

  test("no step raises the objective, and the counts are true", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), fc.constantFrom(...boundedProblems), (maxIterations, problem) => {
        let calls = 0;
        const counted: Objective = (x, gradient) => {
          calls++;
          return problem.objective(x, gradient);
        };
        const { evaluations, iterations, value } = minimizeLbfgs(counted, problem.start, { ...problem, maxIterations });
        expect(evaluations).toBe(calls);
        expect(iterations).toBeLessThanOrEqual(maxIterations);
        const longer = minimizeLbfgs(problem.objective, problem.start, { ...problem, maxIterations: maxIterations + 1 });
        expect(longer.value).toBeLessThanOrEqual(value);
      }),
    );
  });
});

test.each(boundedProblems)("Hock and Schittkowski's problem $name", (problem) => {
  const { x, value, evaluations, reason } = minimizeLbfgs(problem.objective, problem.start, problem);
  expect(reason).not.toBe("maxIterations");
  expect(evaluations).toBeLessThan(150);
  problem.solution.forEach((known, i) => expect(Math.abs(x[i] - known)).toBeLessThanOrEqual(1e-7 * Math.max(1, Math.abs(known))));
  expect(Math.abs(value - problem.least)).toBeLessThan(1e-9);
});

test("Rosenbrock's function of a hundred coordinates", () => {
  const chained: Objective = (x, gradient) => {
    gradient.fill(0);
    let sum = 0;
    for (let i = 0; i + 1 < x.length; i++) {
      const rest = x[i + 1] - x[i] * x[i];
      sum += 100 * rest * rest + (1 - x[i]) ** 2;
      gradient[i] += -400 * x[i] * rest - 2 * (1 - x[i]);
      gradient[i + 1] += 200 * rest;
    }
    return sum;
  };
  const { x, reason, evaluations } = minimizeLbfgs(chained, new Float64Array(100).fill(-1));
  expect(reason).toBe("converged");
  expect(evaluations).toBeLessThan(900);
  expectMatrix(x, new Float64Array(100).fill(1), 1e-7);
});

test("errors name the argument", () => {
  const refused: [() => unknown, typeof OptionError | typeof ShapeError | typeof NumericalError, string][] = [
    [() => minimizeLbfgs(bowl, [1], { lower: [1, 2] }), ShapeError, "lower: expected length 1, got [1, 2]"],
    [() => minimizeLbfgs(bowl, [1], { lower: 2, upper: 1 }), OptionError, "lower at [0]: expected a bound ≤ upper, got 2 and 1"],
    [() => minimizeLbfgs(bowl, [1], { upper: Number.NaN }), OptionError, "lower at [0]: expected a bound ≤ upper, got -Infinity and NaN"],
    [() => minimizeLbfgs(bowl, [1], { memory: 0 }), OptionError, "memory: expected an integer ≥ 1, got 0"],
    [() => minimizeLbfgs(bowl, [1], { maxIterations: -1 }), OptionError, "maxIterations: expected an integer ≥ 0, got -1"],
    [() => minimizeLbfgs(bowl, [1], { gradientTolerance: -1 }), OptionError, "gradientTolerance: expected a finite number ≥ 0, got -1"],
    [() => minimizeLbfgs(bowl, [1], { decreaseTolerance: -1 }), OptionError, "decreaseTolerance: expected a finite number ≥ 0, got -1"],
    [() => minimizeLbfgs(bowl, [Infinity]), NumericalError, "start at [0]: expected a finite number, got Infinity"],
    [() => minimizeLbfgs(() => Number.NaN, [1]), NumericalError, "objective: expected a finite value at the start, got NaN"],
    [() => minimizeLbfgs(() => 1, [1]), NumericalError, "gradient at [0]: expected a finite number, got NaN"],
  ];
  for (const [act, kind, message] of refused) {
    expect(act).toThrow(kind);
    expect(act).toThrow(message);
  }
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evenly } from "../test/elementary.js";
import { NumericalError, OptionError } from "./errors.js";
import { exp } from "./exp.js";
import { logGamma } from "./log-gamma.js";
import { log } from "./log.js";
import { minimizeScalar } from "./minimize-scalar.js";
import { cos } from "./sin-cos.js";

test("where the gamma function is least, and the cosine", () => {
  const gamma = minimizeScalar(logGamma, { lower: 0.1, upper: 4 });
  expect(Math.abs(gamma.x - 1.4616321449683622)).toBeLessThan(5e-8);
  expect(Math.abs(gamma.value - -0.12148629053584961)).toBeLessThan(1e-15);
  expect(gamma).toMatchObject({ reason: "converged" });
  expect(gamma.iterations).toBeLessThan(20);
  expect(Math.abs(minimizeScalar(cos, { lower: 2, upper: 5 }).x - Math.PI)).toBeLessThan(5e-8);
});

test("a minimum at an end is approached", () => {
  expect(minimizeScalar((x) => x, { lower: 1, upper: 2 }).x).toBeLessThan(1 + 1e-7);
  expect(minimizeScalar((x) => -x, { lower: 1, upper: 2 }).x).toBeGreaterThan(2 - 1e-7);
});

test("infinite values are kept away from", () => {
  const { x } = minimizeScalar((y) => (y <= 1 ? Infinity : y - log(y - 1)), { lower: -4, upper: 9 });
  expect(Math.abs(x - 2)).toBeLessThan(1e-7);
});

test("it says that it ran out of evaluations, with the best so far", () => {
  const tried: number[] = [];
  const f = (x: number): number => {
    tried.push(x);
    return (x - 0.3) ** 2;
  };
  const { x, value, iterations, reason } = minimizeScalar(f, { lower: 0, upper: 1, maxIterations: 3 });
  expect(reason).toBe("maxIterations");
  expect(iterations).toBe(3);
  expect(tried.length).toBe(3);
  expect(tried).toContain(x);
  expect(value).toBe(Math.min(...tried.map((y) => (y - 0.3) ** 2)));
});

describe("laws", () => {
  const shapes: readonly ((r: number) => number)[] = [
    (r) => r * r,
    (r) => r ** 4,
    (r) => Math.abs(r),
    (r) => exp(r) - r,
    (r) => -1 / (1 + r * r),
  ];

  test("finds the only minimum, wherever it lies, within the interval", () => {
    fc.assert(
      fc.property(fc.constantFrom(...shapes), evenly({ min: -3, max: 5 }), (shape, least) => {
        const f = (x: number): number => {
          expect(x).toBeGreaterThan(-4);
          expect(x).toBeLessThan(7);
          return shape(x - least);
        };
        const { x, value, reason } = minimizeScalar(f, { lower: -4, upper: 7 });
        expect(reason).toBe("converged");
        expect(value).toBe(f(x));
        // What values can tell: half their digits, and a quarter where the minimum is that of a fourth power.
        expect(Math.abs(x - least)).toBeLessThanOrEqual(shape(2) === 16 ? 2e-4 : 2e-7);
      }),
    );
  });

  test("the best of all that was tried", () => {
    fc.assert(
      fc.property(evenly({ min: 0, max: 6 }), evenly({ min: 0.1, max: 3 }), (phase, frequency) => {
        let best = Infinity;
        const f = (x: number): number => {
          const value = cos(frequency * x + phase) + 0.1 * x;
          best = Math.min(best, value);
          return value;
        };
        expect(minimizeScalar(f, { lower: -5, upper: 5 }).value).toBe(best);
      }),
    );
  });
});

test("errors name the argument", () => {
  const refused: [() => unknown, typeof OptionError | typeof NumericalError, string][] = [
    [() => minimizeScalar((x) => x, { lower: 2, upper: 1 }), OptionError, "upper: expected a finite number > 2, got 1"],
    [() => minimizeScalar((x) => x, { lower: -1e308, upper: 1e308 }), OptionError, "upper: expected an interval of finite width, got an overflow"],
    [() => minimizeScalar((x) => x, { lower: 0, upper: 1, tolerance: 0 }), OptionError, "tolerance: expected a finite number > 0, got 0"],
    [() => minimizeScalar((x) => x, { lower: 0, upper: 1, maxIterations: 0 }), OptionError, "maxIterations: expected an integer ≥ 1, got 0"],
    [() => minimizeScalar(() => Number.NaN, { lower: 0, upper: 1 }), NumericalError, "expected a number, got NaN"],
  ];
  for (const [act, kind, message] of refused) {
    expect(act).toThrow(kind);
    expect(act).toThrow(message);
  }
});

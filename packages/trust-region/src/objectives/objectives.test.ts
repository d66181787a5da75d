import { evaluate, grad, input } from "@uphill/autodiff";
import { OptionError, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/generators.js";
import { adaptedKlMultiplier, clippedSurrogatePerStep, klPenalizedSurrogatePerStep } from "../index.js";

const ratio = input("ratio", ["batch"]);
const advantage = input("advantage", ["batch"]);
const clipped = clippedSurrogatePerStep(ratio, advantage, 0.25);
const [slope] = grad(clipped.sum(), [ratio]);

const run = (expression: typeof clipped, ratios: number[], advantages: number[], more: object = {}): number[] =>
  [...(evaluate(expression, { ratio: ratios, advantage: advantages, ...more }) as Float64Array)];

describe("clippedSurrogatePerStep", () => {
  test("gains are clipped, losses are not", () => {
    const [ratios, advantages] = [[0.5, 1, 2, 0.5, 1, 2], [1, 1, 1, -1, -1, -1]];
    expectClose(run(clipped, ratios, advantages), [0.5, 1, 1.25, -0.75, -1, -2]);
    expectClose(run(slope, ratios, advantages), [1, 1, 0, 0, -1, -1]);
  });

  test("the clip range may be an input", () => {
    const range = input("range", []);
    const fed = clippedSurrogatePerStep(ratio, advantage, range);
    expectClose(run(fed, [2], [1], { range: 0.5 }), [1.5]);
  });

  const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: -30, max: 30 })), { minLength: 1 });

  test("it is at most ρ Â, and equal within the clip range", () => {
    fc.assert(
      fc.property(steps, (pairs) => {
        const [ratios, advantages] = [pairs.map(([r]) => r / 16), pairs.map(([, a]) => a / 10)];
        run(clipped, ratios, advantages).forEach((value, i) => {
          const plain = ratios[i] * advantages[i];
          expect(value).toBeLessThanOrEqual(plain + 1e-12);
          if (Math.abs(ratios[i] - 1) <= 0.25) expect(value).toBeCloseTo(plain, 12);
        });
      }),
    );
  });
});

describe("klPenalizedSurrogatePerStep", () => {
  const kl = input("kl", ["batch"]);
  const beta = input("beta", []);
  const penalized = klPenalizedSurrogatePerStep(ratio, advantage, kl, beta);

  test("β nats are taken from ρ Â", () => {
    expectClose(run(penalized, [2, 1], [1, 3], { kl: [0.5, 0], beta: 3 }), [0.5, 3]);
    const [slopes] = grad(penalized.square().sum(), [kl]);
    expectClose(run(slopes, [2, 1], [1, 3], { kl: [0.5, 0], beta: 3 }), [-3, -18]);
  });
});

test("errors name the argument", () => {
  const other = input("other", []);
  expect(() => clippedSurrogatePerStep(1 as never, advantage, 0.2)).toThrow("ratio: expected a float32 tensor, got 1");
  expect(() => clippedSurrogatePerStep(ratio, other, 0.2)).toThrow(ShapeError);
  expect(() => clippedSurrogatePerStep(ratio, other, 0.2)).toThrow("advantage: expected shape");
  expect(() => clippedSurrogatePerStep(ratio, advantage, 0)).toThrow("clipRange: expected a finite number > 0, got 0");
  expect(() => clippedSurrogatePerStep(ratio, advantage, ratio)).toThrow("clipRange: expected shape []");
  expect(() => klPenalizedSurrogatePerStep(ratio, advantage, other, 1)).toThrow("klNats: expected shape");
  expect(() => klPenalizedSurrogatePerStep(ratio, advantage, ratio, -1)).toThrow("multiplier: expected a finite number ≥ 0, got -1");
});

describe("adaptedKlMultiplier", () => {
  const options = { multiplier: 1, klNats: 0.01, targetNats: 0.01 };

  test("it doubles beyond 1.5 times the target, and halves below 1/1.5 of it", () => {
    expect(adaptedKlMultiplier(options)).toBe(1);
    expect(adaptedKlMultiplier({ ...options, klNats: 0.0149 })).toBe(1);
    expect(adaptedKlMultiplier({ ...options, klNats: 0.0151 })).toBe(2);
    expect(adaptedKlMultiplier({ ...options, klNats: 0.0067 })).toBe(1);
    expect(adaptedKlMultiplier({ ...options, klNats: 0.0066 })).toBe(0.5);
    expect(adaptedKlMultiplier({ ...options, klNats: -1e-8 })).toBe(0.5);
  });

  test("it drives a divergence that falls with β to the target", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (scale) => {
        let multiplier = 1;
        const divergence = (): number => scale / 10_000 / multiplier;
        for (let k = 0; k < 20; k++) multiplier = adaptedKlMultiplier({ multiplier, klNats: divergence(), targetNats: 0.01 });
        expect(divergence() / 0.01).toBeLessThanOrEqual(1.5);
        expect(divergence() / 0.01).toBeGreaterThanOrEqual(1 / 1.5);
      }),
    );
  });

  test("errors name the option", () => {
    expect(() => adaptedKlMultiplier({ ...options, multiplier: 0 })).toThrow(OptionError);
    expect(() => adaptedKlMultiplier({ ...options, multiplier: 0 })).toThrow("multiplier: expected a finite number > 0, got 0");
    expect(() => adaptedKlMultiplier({ ...options, klNats: Number.NaN })).toThrow("klNats: expected a finite number, got NaN");
    expect(() => adaptedKlMultiplier({ ...options, targetNats: 0 })).toThrow("targetNats: expected a finite number > 0, got 0");
  });
});

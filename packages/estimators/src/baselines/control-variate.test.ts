import { OptionError, Random, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/rollouts.js";
import { normals, standardErrors, varianceOf } from "../../test/statistics.js";
import { controlVariate } from "./control-variate.js";

test("a control that tells half of it", () => {
  const estimate = controlVariate({ values: [1, 3, 5, 3], controls: [0, 2, 2, 0], controlMean: 2 });
  expect(estimate).toEqual({ coefficient: 1, mean: 4, variance: 4 / 3, varianceRemoved: 4 / 3 });
});

describe("laws", () => {
  const samples = fc
    .array(fc.tuple(fc.integer({ min: -300, max: 300 }), fc.integer({ min: -300, max: 300 })), { minLength: 2, maxLength: 12 })
    .map((pairs) => ({ values: pairs.map(([f]) => f / 100), controls: pairs.map(([, g], i) => g / 100 + i) }));

  test("the variance removed is what f − c g has less, and no other coefficient leaves less", () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: -100, max: 100 }), ({ values, controls }, percent) => {
        const { coefficient, variance, varianceRemoved } = controlVariate({ values, controls, controlMean: 0 });
        const left = (c: number): number => varianceOf(values.map((f, k) => f - c * controls[k]));
        expectClose([variance, variance + varianceRemoved], [left(coefficient), left(0)]);
        expect(left(coefficient + percent / 100)).toBeGreaterThanOrEqual(variance - 1e-10);
        expect(varianceRemoved).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test("the control itself is known without error", () => {
    fc.assert(
      fc.property(samples, ({ controls }) => {
        const distinct = controls.map((g, k) => g + 7 * k);
        const { coefficient, mean, variance } = controlVariate({ values: distinct, controls: distinct, controlMean: 0.25 });
        expectClose([coefficient, mean, variance], [1, 0.25, 0]);
      }),
    );
  });

  test("a control that does not vary changes nothing", () => {
    const estimate = controlVariate({ values: [1, 2, 6], controls: [4, 4, 4], controlMean: 0 });
    expect(estimate).toEqual({ coefficient: 0, mean: 3, variance: 7, varianceRemoved: 0 });
  });

  test("the first terms of eˣ over the uniform law, with x as the control: less than 2 % of the variance stays", () => {
    const draws = new Float64Array(20_000);
    new Random(4).fillRandom(draws);
    const values = draws.map((x) => 1 + x + (x * x) / 2 + (x * x * x) / 6);
    const { mean, variance, varianceRemoved } = controlVariate({ values, controls: draws, controlMean: 0.5 });
    const exact = 1 + 1 / 2 + 1 / 6 + 1 / 24;
    expect(Math.abs(mean - exact) / Math.sqrt(variance / draws.length)).toBeLessThan(4);
    expect(variance / (variance + varianceRemoved)).toBeLessThan(0.02);
    expect(standardErrors(values, exact)).toBeLessThan(4);
  });

  test("with the score as the control, the coefficient is the optimal baseline of a centred score", () => {
    const x = normals(new Random(6), 30_000);
    const values = x.map((draw) => draw * draw * draw); // f·∇log p with f = x², score x
    const { coefficient } = controlVariate({ values, controls: x, controlMean: 0 });
    expect(Math.abs(coefficient - 3)).toBeLessThan(0.1);
  });
});

test("refuses a single sample, other lengths, and a mean that is none", () => {
  expect(() => controlVariate({ values: [1], controls: [1], controlMean: 0 })).toThrow(ShapeError);
  expect(() => controlVariate({ values: [1], controls: [1], controlMean: 0 })).toThrow("values: expected at least 2 samples, got 1");
  expect(() => controlVariate({ values: [1, 2], controls: [1], controlMean: 0 })).toThrow("controls: expected length 2, got [1]");
  expect(() => controlVariate({ values: [1, 2], controls: [1, 2], controlMean: Number.NaN })).toThrow(OptionError);
});

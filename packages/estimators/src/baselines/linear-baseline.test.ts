import { NumericalError, OptionError, Random, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/rollouts.js";
import { normals, standardErrors, varianceOf } from "../../test/statistics.js";
import { fitLinearBaseline, linearBaseline } from "./linear-baseline.js";

test("a line through points that lie on it", () => {
  const features = [1, 0, 1, 1, 1, 2];
  const weights = fitLinearBaseline({ features, returns: [1, 3, 5] });
  expectClose(weights, [1, 2]);
  const out = new Float64Array(3);
  expect(linearBaseline({ features, weights, out })).toBe(out);
  expectClose(out, [1, 3, 5]);
});

describe("laws", () => {
  const fits = fc.array(fc.integer({ min: -300, max: 300 }).map((n) => n / 100), { minLength: 24, maxLength: 24 }).map((numbers) => ({
    features: numbers.slice(0, 18).map((x, i) => (i % 3 === 0 ? 1 : i % 3 === 1 ? i / 3 : x)),
    returns: numbers.slice(18),
  }));

  test("what is left is orthogonal to every feature, less the ridge's pull", () => {
    fc.assert(
      fc.property(fits, fc.integer({ min: 1, max: 100 }), ({ features, returns }, percent) => {
        const ridge = percent / 100;
        const weights = fitLinearBaseline({ features, returns, ridge });
        const predicted = linearBaseline({ features, weights });
        const products = [0, 1, 2].map((f) => returns.reduce((sum, value, k) => sum + features[3 * k + f] * (value - predicted[k]), 0));
        expectClose(products, weights.map((weight) => ridge * weight));
      }),
    );
  });

  test("fitted on other samples it leaves the gradient's mean, and lowers its variance", () => {
    const random = new Random(5);
    const [states, actions] = [normals(random, 40_000), normals(random, 40_000)];
    const returns = states.map((s, k) => 3 * s + 1 + actions[k]); // the action's score is a: the gradient is 1
    const features = Array.from(states).flatMap((s) => [1, s]);
    const half = 20_000;
    const weights = fitLinearBaseline({ features: features.slice(0, 2 * half), returns: returns.slice(0, half) });
    const baseline = linearBaseline({ features: features.slice(2 * half), weights });
    const plain = actions.slice(half).map((a, k) => a * returns[half + k]);
    const based = actions.slice(half).map((a, k) => a * (returns[half + k] - baseline[k]));
    expect(standardErrors(based, 1)).toBeLessThan(4);
    expect(standardErrors(plain, 1)).toBeLessThan(4);
    expect(varianceOf(based)).toBeLessThan(varianceOf(plain) / 4);
  });
});

describe("refuses", () => {
  test.each<[string, () => unknown, new (message: string) => Error, string]>([
    ["features of another length", () => fitLinearBaseline({ features: [1, 2, 3], returns: [1, 2] }), ShapeError, "features: expected 2 rows of 1, got 3 numbers"],
    ["a NaN return", () => fitLinearBaseline({ features: [1, 2], returns: [1, Number.NaN] }), NumericalError, "returns at [1]: expected a finite number, got NaN"],
    ["a negative ridge", () => fitLinearBaseline({ features: [1], returns: [1], ridge: -1 }), OptionError, "ridge: expected a finite number ≥ 0, got -1"],
    ["columns that are the same", () => fitLinearBaseline({ features: [1, 1, 2, 2], returns: [1, 2] }), OptionError, "features: expected columns that are linearly independent, or a ridge above 0"],
    ["features for other weights", () => linearBaseline({ features: [1, 2, 3], weights: [1, 2] }), ShapeError, "features: expected one or more rows of 2, got 3 numbers"],
  ])("%s", (_, call, ErrorClass, message) => {
    expect(call).toThrow(ErrorClass);
    expect(call).toThrow(message);
  });
});

import { evaluate, float32, input } from "@uphill/autodiff";
import { OptionError, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expectReference } from "../test/against-reference.js";
import { distributionContract } from "../test/contract.js";
import { intervalGrid } from "../test/grids.js";
import { expectClose, numbersBetween, parametersOf, run, valueInput } from "../test/harness.js";
import type { Subject } from "../test/harness.js";
import reference from "../test/reference/distributions.json" with { type: "json" };
import { diagonalNormal } from "./diagonal-normal.js";
import { tanhNormal } from "./tanh-normal.js";

function subjectOf(size: number, bounds: { low?: number[]; high?: number[] } = {}): Subject {
  return {
    name: `tanhNormal of ${size}`,
    shapes: { mean: [size], logStandardDeviation: [size] },
    make: (parameters) =>
      tanhNormal(parameters && { mean: parameters["mean"], logStandardDeviation: parameters["logStandardDeviation"], ...bounds }),
    values: fc.record({ mean: numbersBetween(-0.5, 0.5, size), logStandardDeviation: numbersBetween(-1.5, -0.8, size) }),
    without: ["entropy", "mean"],
    modeIsImage: true,
    ...(size === 1 && { grid: intervalGrid(bounds.low?.[0] ?? -1, bounds.high?.[0] ?? 1) }),
  };
}

test("example: a squashed standard normal, on −1 to 1 and on 0 to 4", () => {
  const parameters = { mean: input("mean", [1, 1]), logStandardDeviation: input("log", [1]) };
  const feeds = { mean: [0], log: [0], value: [0] };
  const value = input("value", [1, 1]);
  expectClose(evaluate(tanhNormal(parameters).logProbability(value), feeds) as Float64Array, [-0.5 * Math.log(2 * Math.PI)], 1e-15);
  const wide = tanhNormal({ ...parameters, low: 0, high: 4 });
  expectClose(evaluate(wide.logProbability(value), { ...feeds, value: [2] }) as Float64Array, [-0.5 * Math.log(2 * Math.PI) - Math.LN2], 1e-15);
  expect(evaluate(wide.mode(), { mean: [0] })).toEqual(Float64Array.of(2));
});

distributionContract(subjectOf(1));
distributionContract(subjectOf(2, { low: [-2, 1], high: [2, 5] }));

test("squashing changes no KL", () => {
  const of = (prefix: string) => ({
    mean: input(`${prefix}mean`, ["batch", 2]),
    logStandardDeviation: input(`${prefix}logStandardDeviation`, ["batch", 2]),
  });
  const [p, q] = [tanhNormal(of("")), tanhNormal(of("other/"))];
  const [a, b] = [p, q].map(({ parameters }) => diagonalNormal(parameters));
  const outputs = { squashed: p.kl(q), plain: a.kl(b) };
  fc.assert(
    fc.property(numbersBetween(-2, 2, 8), (list) => {
      const feeds = {
        mean: list.slice(0, 2), logStandardDeviation: list.slice(2, 4),
        "other/mean": list.slice(4, 6), "other/logStandardDeviation": list.slice(6),
      };
      const { squashed, plain } = run(parametersOf(p, q), outputs, feeds);
      expect(squashed).toEqual(plain);
    }),
  );
});

test("sample and log-probability together are exact far beyond where tanh rounds to 1, in float32", () => {
  const p = subjectOf(1).make({ mean: input("mean", ["batch", 1]), logStandardDeviation: input("logStandardDeviation", ["batch", 1]) });
  const noise = input("noise", p.noise.shape);
  const { value, logProbability } = p.sampleWithLogProbability(noise);
  for (const z of [-60, -20, -9, 9, 20, 60]) {
    const feeds = { mean: [z], logStandardDeviation: [0], noise: [0] };
    const result = run([...parametersOf(p), noise], { value, logProbability }, feeds, float32);
    // log(1 − tanh² z) = log 4 − 2|z| to e^−2|z|.
    expectClose(result.logProbability, [-0.5 * Math.log(2 * Math.PI) - Math.log(4) + 2 * Math.abs(z)], 1e-6);
    expect(Math.abs(result.value[0])).toBeLessThanOrEqual(1);
  }
});

test("an edge has a finite log-probability, and outside it is −∞", () => {
  const bounds = { low: [0.1], high: [0.7] };
  const p = subjectOf(1, bounds).make({ mean: input("mean", ["batch", 1]), logStandardDeviation: input("logStandardDeviation", ["batch", 1]) });
  const value = valueInput(p);
  const feeds = { mean: [0, 0, 0, 0], logStandardDeviation: [0, 0, 0, 0], value: [Math.fround(0.1), Math.fround(0.7), 0.05, 0.75] };
  const { logP } = run([...parametersOf(p), value], { logP: p.logProbability(value) }, feeds, float32);
  expect(logP.map(Number.isFinite)).toEqual([true, true, false, false]);
  expect(logP.slice(2)).toEqual([-Infinity, -Infinity]);
});

test.each(reference.tanhNormal)("one of mean $params.mean agrees with PyTorch", (one) => {
  const { mean, std } = one.params;
  expectReference(subjectOf(mean.length), one, { mean, logStandardDeviation: std.map(Math.log) });
});

test("bounds that are none are refused", () => {
  const parameters = { mean: input("mean", ["batch", 2]), logStandardDeviation: input("log", [2]) };
  expect(() => tanhNormal({ ...parameters, low: 1 })).toThrow("tanhNormal high[0]: expected a number above low[0] = 1, got 1");
  expect(() => tanhNormal({ ...parameters, high: [1, Infinity] })).toThrow("tanhNormal high[1]: expected a finite number, got Infinity");
  expect(() => tanhNormal({ ...parameters, low: [0, 0, 0] })).toThrow("tanhNormal low: expected 2 bounds, got [0, 0, 0]");
  expect(() => tanhNormal({ ...parameters, low: "0" as never })).toThrow(OptionError);
  expect(() => tanhNormal(parameters).kl(tanhNormal({ ...parameters, high: 2 }))).toThrow(ShapeError);
});

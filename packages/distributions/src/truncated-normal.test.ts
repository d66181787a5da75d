import { evaluate, float32, grad, input } from "@uphill/autodiff";
import { ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expectReference } from "../test/against-reference.js";
import { distributionContract } from "../test/contract.js";
import { intervalGrid } from "../test/grids.js";
import { expectClose, numbersBetween, parametersOf, run, valueInput } from "../test/harness.js";
import type { Subject } from "../test/harness.js";
import reference from "../test/reference/distributions.json" with { type: "json" };
import { truncatedNormal } from "./truncated-normal.js";

function subjectOf(low: number[], high: number[]): Subject {
  const size = low.length;
  return {
    name: `truncatedNormal on [${low}] to [${high}]`,
    shapes: { mean: [size], logStandardDeviation: [size] },
    make: (parameters) =>
      truncatedNormal(parameters && { mean: parameters["mean"], logStandardDeviation: parameters["logStandardDeviation"], low, high }),
    values: fc.record({ mean: numbersBetween(-2, 2, size), logStandardDeviation: numbersBetween(-0.7, 0.7, size) }),
    without: ["fisher"],
    // Differences of log Φ, and squares of ξ up to 60, lose what they have in common.
    tolerance: 1e-4,
    ...(size === 1 && { grid: intervalGrid(low[0], high[0]) }),
  };
}
const unit = subjectOf([-1], [1]);
const batched = (subject: Subject) =>
  subject.make({ mean: input("mean", ["batch", 1]), logStandardDeviation: input("logStandardDeviation", ["batch", 1]) });

test("example: a standard normal cut to its right half, nearly", () => {
  const p = truncatedNormal({ mean: input("mean", [1, 1]), logStandardDeviation: input("log", [1]), low: 0, high: 40 });
  const feeds = { mean: [0], log: [0] };
  expectClose(evaluate(p.mean(), feeds) as Float64Array, [Math.sqrt(2 / Math.PI)], 1e-13);
  expectClose(evaluate(p.sample(input("noise", [1, 1])), { ...feeds, noise: [0.5] }) as Float64Array, [0.6744897501960817], 1e-13);
});

distributionContract(unit);
distributionContract(subjectOf([0.5, -3], [4, -1]));

test("cdf and quantile invert each other, from one end of u to the other and with the mean far outside", () => {
  const p = batched(unit) as ReturnType<typeof truncatedNormal>;
  const u = input("u", ["batch", 1]);
  const outputs = { again: p.inferNoise(p.sample(u)), x: p.sample(u) };
  fc.assert(
    fc.property(numbersBetween(-12, 12, 1), numbersBetween(-1, 2, 1), fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (mean, log, at) => {
      const { again, x } = run([...parametersOf(p), u], outputs, { mean, logStandardDeviation: log, u: [at] });
      expect(Math.abs(x[0])).toBeLessThanOrEqual(1);
      // Where the density is steep, u is a large multiple of x: rounding x changes u by |slope| times 1e-16.
      expect(Math.abs(again[0] - at)).toBeLessThan(1e-10);
    }),
  );
});

test("in float32 a mean 30 deviations away costs a few digits: log-probabilities, samples and derivatives", () => {
  const p = batched(unit);
  const [value, u] = [valueInput(p), input("u", ["batch", 1])];
  const logP = p.logProbability(value);
  const [byMean] = grad(logP.sum(), [p.parameters["mean"]]);
  const [sampleByMean] = grad(p.sample(u).sum(), [p.parameters["mean"]]);
  const outputs = { logP, byMean, sample: p.sample(u), sampleByMean, entropy: p.entropy(), mean: p.mean() };
  for (const mean of [-30, -5, 5, 30]) {
    for (const at of [0.001, 0.3, 0.9]) {
      const feeds = { mean: [mean], logStandardDeviation: [0], value: [Math.sign(mean) * 0.875], u: [Math.fround(at)] };
      const [single, double] = [float32, undefined].map((backend) => run([...parametersOf(p), value, u], outputs, feeds, backend));
      // ½ ξ² is 480 at a distance of 31, where float32 has steps of 3e-5. Means multiply such an error by ξ, the entropy by ξ².
      for (const name of ["logP", "sample", "sampleByMean"] as const) expectClose(single[name], double[name], 3e-4);
      for (const name of ["byMean", "mean"] as const) expectClose(single[name], double[name], 3e-3);
      if (Math.abs(mean) < 10) expectClose(single.entropy, double.entropy, 1e-3);
    }
  }
});

test("outside the box the log-probability is −∞, at its ends it is finite", () => {
  const p = batched(unit);
  const value = valueInput(p);
  const feeds = { mean: [0, 0, 0, 0], logStandardDeviation: [0, 0, 0, 0], value: [-1.001, -1, 1, 1.001] };
  const { logP } = run([...parametersOf(p), value], { logP: p.logProbability(value) }, feeds);
  expect(logP.map(Number.isFinite)).toEqual([false, true, true, false]);
});

test.each(reference.truncatedNormal)("one of mean $params.mean agrees with SciPy", (one) => {
  const { mean, std, low, high } = one.params;
  const subject = subjectOf([low], [high]);
  const values = { mean: [mean], logStandardDeviation: [Math.log(std)] };
  expectReference(subject, one, values);
  const p = batched(subject) as ReturnType<typeof truncatedNormal>;
  const [value, u] = [valueInput(p), input("u", ["batch", 1])];
  const repeat = (x: number) => one.x.map(() => x);
  const feeds = { mean: repeat(mean), logStandardDeviation: repeat(Math.log(std)), value: one.x, u: one.u };
  const result = run([...parametersOf(p), value, u], { cdf: p.inferNoise(value), quantile: p.sample(u) }, feeds);
  expectClose(result.cdf, one.cdf, 1e-10);
  expectClose(result.quantile, one.quantile, 1e-10);
});

test("bounds that are none, and another's bounds, are refused", () => {
  const parameters = { mean: input("mean", ["batch", 1]), logStandardDeviation: input("log", [1]) };
  expect(() => truncatedNormal({ ...parameters, low: 0, high: 0 })).toThrow("truncatedNormal high[0]: expected a number above low[0] = 0, got 0");
  expect(() => truncatedNormal({ ...parameters, low: 0 } as never)).toThrow(
    "truncatedNormal high: expected an array or typed array of numbers, got undefined",
  );
  const p = truncatedNormal({ ...parameters, low: 0, high: 1 });
  expect(() => p.kl(truncatedNormal({ ...parameters, low: 0, high: 2 }))).toThrow(ShapeError);
});

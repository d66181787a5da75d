import { evaluate, float32, grad, input } from "@uphill/autodiff";
import { ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { distributionContract } from "../test/contract.js";
import { lineGrid } from "../test/grids.js";
import { expectClose, expectMean, fewRuns, moderateNumbers, parametersOf, run, samples, valueInput } from "../test/harness.js";
import type { Subject } from "../test/harness.js";
import reference from "../test/reference/distributions.json" with { type: "json" };
import { categorical } from "./categorical.js";
import { diagonalNormal } from "./diagonal-normal.js";

function subjectOf(size: number): Subject {
  return {
    name: `diagonalNormal of ${size}`,
    shapes: { mean: [size], logStandardDeviation: [size] },
    make: (parameters) =>
      diagonalNormal(parameters && { mean: parameters["mean"], logStandardDeviation: parameters["logStandardDeviation"] }),
    values: fc.record({ mean: moderateNumbers(size), logStandardDeviation: moderateNumbers(size) }),
    ...(size === 1 && { grid: lineGrid(75, 0.06) }),
  };
}

/** A batch of normals, its log standard deviation shared or one a row. */
function normal(size: number, shared = false, prefix = "") {
  return diagonalNormal({
    mean: input(`${prefix}mean`, ["batch", size]),
    logStandardDeviation: input(`${prefix}logStandardDeviation`, shared ? [size] : ["batch", size]),
  });
}

test("example: a standard normal in two dimensions", () => {
  const p = diagonalNormal({ mean: input("mean", [1, 2]), logStandardDeviation: input("log", [2]) });
  const feeds = { mean: [0, 0], log: [0, 0] };
  const value = input("value", [1, 2]);
  const log2Pi = Math.log(2 * Math.PI);
  expectClose(evaluate(p.logProbability(value), { ...feeds, value: [3, 4] }) as Float64Array, [-12.5 - log2Pi], 1e-15);
  expectClose(evaluate(p.entropy(), { log: [0, 0] }) as Float64Array, [1 + log2Pi], 1e-15);
  expect(evaluate(p.mode(), { mean: [1, 2] })).toEqual(Float64Array.of(1, 2));
  expect(evaluate(p.sample(input("noise", [1, 2])), { ...feeds, noise: [0.5, -1] })).toEqual(Float64Array.of(0.5, -1));
});

for (const size of [1, 3]) distributionContract(subjectOf(size));

test("samples have the mean and the variance", () => {
  fc.assert(
    fc.property(subjectOf(2).values, fc.nat(), (values, seed) => {
      const drawn = samples(subjectOf(2), values, 20_000, seed);
      for (const i of [0, 1]) {
        const component = drawn.filter((_, k) => k % 2 === i);
        expectMean(component, values["mean"][i]);
        const squares = component.map((x) => (x - values["mean"][i]) ** 2);
        expectMean(squares, Math.exp(2 * values["logStandardDeviation"][i]));
      }
    }),
    fewRuns,
  );
});

test("a standard deviation shared by the batch is the same as one repeated, in values and in gradients", () => {
  const outputsOf = (shared: boolean) => {
    const [p, q] = [normal(2, shared), normal(2, false, "other/")];
    const [value, noise] = [valueInput(p), input("noise", p.noise.shape)];
    const outputs = { logP: p.logProbability(value), entropy: p.entropy(), to: p.kl(q), from: q.kl(p), sample: p.sample(noise) };
    const total = outputs.logP.add(outputs.entropy).add(outputs.to).add(outputs.from).sum().add(outputs.sample.sum());
    const [mean, logDeviation] = grad(total, parametersOf(p));
    const derivatives = { mean, logDeviation: shared ? logDeviation : logDeviation.sum(0) };
    return { inputs: [...parametersOf(p, q), value, noise], outputs: { ...outputs, ...derivatives } };
  };
  const [shared, repeated] = [outputsOf(true), outputsOf(false)];
  fc.assert(
    fc.property(moderateNumbers(6), moderateNumbers(2), moderateNumbers(6), moderateNumbers(6), (mean, logStandardDeviation, value, noise) => {
      const feeds = { mean, value, noise, "other/mean": value, "other/logStandardDeviation": noise, logStandardDeviation };
      const a = run(shared.inputs, shared.outputs, feeds);
      const triple = [0, 1, 2].flatMap(() => logStandardDeviation);
      const b = run(repeated.inputs, repeated.outputs, { ...feeds, logStandardDeviation: triple });
      for (const name of Object.keys(a) as (keyof typeof a)[]) expectClose(a[name], b[name], 1e-12);
    }),
  );
});

test("components add up: log-probability, entropy and KL of two are the sums of the ones", () => {
  const build = (size: number) => {
    const [p, q] = [normal(size), normal(size, false, "other/")];
    const value = valueInput(p);
    return (feeds: Record<string, number[]>) =>
      run([...parametersOf(p, q), value], { a: p.logProbability(value), b: p.entropy(), c: p.kl(q) }, feeds);
  };
  const [two, one] = [build(2), build(1)];
  fc.assert(
    fc.property(moderateNumbers(2), moderateNumbers(2), moderateNumbers(2), moderateNumbers(2), moderateNumbers(2), (mean, log, value, otherMean, otherLog) => {
      const feeds = { mean, logStandardDeviation: log, value, "other/mean": otherMean, "other/logStandardDeviation": otherLog };
      const [joint, apart] = [two(feeds), one(feeds)];
      for (const name of ["a", "b", "c"] as const) expectClose(joint[name], [apart[name][0] + apart[name][1]], 1e-12);
    }),
  );
});

test("means of ±1e4 and deviations from e⁻⁸⁰ to e⁸⁰ are safe in float32", () => {
  const p = normal(1);
  const [value, noise] = [valueInput(p), input("noise", p.noise.shape)];
  const outputs = { logP: p.logProbability(value), sample: p.sample(noise), entropy: p.entropy() };
  for (const mean of [-1e4, 1e4]) {
    for (const logStandardDeviation of [-80, 80]) {
      const feeds = { mean: [mean], logStandardDeviation: [logStandardDeviation], value: [mean], noise: [1] };
      const { logP, sample, entropy } = run([...parametersOf(p), value, noise], outputs, feeds, float32);
      expectClose(logP, [-logStandardDeviation - 0.5 * Math.log(2 * Math.PI)], 1e-6);
      expect(sample[0] / (mean + Math.exp(logStandardDeviation))).toBeCloseTo(1, 5);
      expectClose(entropy, [logStandardDeviation + 0.5 * (1 + Math.log(2 * Math.PI))], 1e-6);
    }
  }
});

test.each(reference.diagonalNormal.map((one) => [one.params.mean.length, one] as const))(
  "a diagonal normal of %i agrees with PyTorch",
  (size, { params, x, log_prob, entropy, other, kl_to_other, kl_from_other }) => {
    const [p, q] = [normal(size), normal(size, false, "other/")];
    const value = valueInput(p);
    const outputs = { logP: p.logProbability(value), entropy: p.entropy(), to: p.kl(q), from: q.kl(p) };
    const rows = (list: readonly number[]) => x.flatMap(() => list);
    const feeds = {
      mean: rows(params.mean),
      logStandardDeviation: rows(params.std.map(Math.log)),
      "other/mean": rows(other.mean),
      "other/logStandardDeviation": rows(other.std.map(Math.log)),
      value: x.flat(),
    };
    const result = run([...parametersOf(p, q), value], outputs, feeds);
    expectClose(result.logP, log_prob, 1e-10);
    expectClose([result.entropy[0], result.to[0], result.from[0]], [entropy, kl_to_other, kl_from_other], 1e-10);
  },
);

test("parameters that do not fit are refused", () => {
  const mean = input("mean", ["batch", 2]);
  const make = (logStandardDeviation: unknown) => () =>
    diagonalNormal({ mean, logStandardDeviation: logStandardDeviation as typeof mean });
  expect(make(input("log", [3]))).toThrow("diagonalNormal logStandardDeviation: expected shape [batch, 2] or [2], got [3]");
  expect(make(input("log", [1, 2]))).toThrow(ShapeError);
  expect(make(0)).toThrow("diagonalNormal logStandardDeviation: expected a float32 tensor, got 0");
  expect(() => diagonalNormal({ mean: input("mean", ["d"]), logStandardDeviation: mean })).toThrow(
    "diagonalNormal mean: expected a last axis of fixed length ≥ 1, got shape [d]",
  );
  const p = diagonalNormal({ mean, logStandardDeviation: mean });
  expect(() => p.kl(categorical({ logits: mean }) as never)).toThrow(
    "diagonalNormal kl other: expected a diagonal normal distribution, got a Categorical",
  );
});

import { evaluate, grad, input } from "@uphill/autodiff";
import { ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expectReference } from "../test/against-reference.js";
import { distributionContract } from "../test/contract.js";
import { lineGrid, productGrid } from "../test/grids.js";
import { expectClose, expectMean, fewRuns, numbersBetween, parametersOf, run, samples, valueInput } from "../test/harness.js";
import type { Subject } from "../test/harness.js";
import reference from "../test/reference/distributions.json" with { type: "json" };
import { diagonalNormal } from "./diagonal-normal.js";
import { fullNormal } from "./full-normal.js";

function subjectOf(size: number, gridded = false): Subject {
  return {
    name: `fullNormal of ${size}`,
    shapes: { mean: [size], factor: [size, size] },
    make: (parameters) => fullNormal(parameters && { mean: parameters["mean"], factor: parameters["factor"] }),
    values: fc.record({ mean: numbersBetween(-1, 1, size), factor: numbersBetween(-0.3, 0.3, size * size) }),
    ...(gridded && { grid: productGrid(lineGrid(9.9, 0.45), lineGrid(9.9, 0.45)) }),
  };
}

/** The factor of a covariance, its diagonal in logarithms: Cholesky's own recursion. */
function factorOf(covariance: readonly (readonly number[])[]): number[] {
  const size = covariance.length;
  const lower = covariance.map(() => Array<number>(size).fill(0));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const rest = covariance[i][j] - lower[i].slice(0, j).reduce((sum, x, k) => sum + x * lower[j][k], 0);
      lower[i][j] = i === j ? Math.sqrt(rest) : rest / lower[j][j];
    }
  }
  return lower.flatMap((row, i) => row.map((x, j) => (i === j ? Math.log(x) : x)));
}

test("example: two components, the second of which follows the first", () => {
  const p = fullNormal({ mean: input("mean", [1, 2]), factor: input("factor", [2, 2]) });
  // L = [[1, 0], [3, 1]]; what is above the diagonal is not read.
  const feeds = { mean: [0, 0], factor: [0, Infinity, 3, 0] };
  expect(evaluate(p.sample(input("noise", [1, 2])), { ...feeds, noise: [1, 0.5] })).toEqual(Float64Array.of(1, 3.5));
  expect(evaluate(p.inferNoise(input("value", [1, 2])), { ...feeds, value: [1, 3.5] })).toEqual(Float64Array.of(1, 0.5));
});

for (const size of [1, 2, 3]) distributionContract(subjectOf(size, size === 2));

test("a diagonal factor is the diagonal normal", () => {
  const mean = input("mean", ["batch", 3]);
  const p = fullNormal({ mean, factor: input("factor", ["batch", 3, 3]) });
  const q = diagonalNormal({ mean, logStandardDeviation: input("log", ["batch", 3]) });
  const value = valueInput(p);
  const outputs = { a: p.logProbability(value), b: q.logProbability(value), aEntropy: p.entropy(), bEntropy: q.entropy() };
  const inputs = [...parametersOf(p), q.parameters.logStandardDeviation, value];
  fc.assert(
    fc.property(numbersBetween(-1, 1, 3), numbersBetween(-1, 1, 3), numbersBetween(-2, 2, 3), (centre, log, x) => {
      const factor = log.flatMap((s, i) => [0, 1, 2].map((j) => (i === j ? s : 0)));
      const result = run(inputs, outputs, { mean: centre, log, factor, value: x });
      expectClose(result.a, result.b, 1e-12);
      expectClose(result.aEntropy, result.bEntropy, 1e-12);
    }),
  );
});

test("samples have the covariance L Lᵀ", () => {
  fc.assert(
    fc.property(subjectOf(2).values, fc.nat(), (values, seed) => {
      const drawn = samples(subjectOf(2), values, 20_000, seed);
      const [a, , c, d] = values["factor"];
      const lower = [[Math.exp(a), 0], [c, Math.exp(d)]];
      for (const [i, j] of [[0, 0], [0, 1], [1, 1]]) {
        const products = Array.from({ length: 20_000 }, (_, k) =>
          [i, j].reduce((product, m) => product * (drawn[2 * k + m] - values["mean"][m]), 1),
        );
        expectMean(products, lower[i][0] * lower[j][0] + lower[i][1] * lower[j][1]);
      }
    }),
    fewRuns,
  );
});

test("a factor shared by the batch is the same as one repeated, in values and in gradients", () => {
  const outputsOf = (factor: ReturnType<typeof input>) => {
    const p = fullNormal({ mean: input("mean", ["batch", 2]), factor });
    const [value, noise] = [valueInput(p), input("noise", p.noise.shape)];
    const total = p.logProbability(value).add(p.entropy()).sum().add(p.sample(noise).square().sum());
    const [byFactor] = grad(total, [factor]);
    return { inputs: [p.parameters.mean, factor, value, noise], outputs: { total, byFactor: factor.shape.length > 2 ? byFactor.sum(0) : byFactor } };
  };
  const [shared, own] = [outputsOf(input("factor", [2, 2])), outputsOf(input("factor", ["batch", 2, 2]))];
  fc.assert(
    fc.property(numbersBetween(-1, 1, 6), numbersBetween(-1, 1, 4), numbersBetween(-1, 1, 6), (mean, factor, value) => {
      const feeds = { mean, value, noise: value };
      const a = run(shared.inputs, shared.outputs, { ...feeds, factor });
      const b = run(own.inputs, own.outputs, { ...feeds, factor: [...factor, ...factor, ...factor] });
      expectClose(a.total, b.total, 1e-12);
      expectClose(a.byFactor, b.byFactor, 1e-12);
    }),
  );
});

test.each(reference.fullNormal)("one of mean $params.mean agrees with PyTorch", (one) => {
  const [values, other] = [one.params, one.other].map(({ mean, covariance }) => ({ mean, factor: factorOf(covariance) }));
  expectReference(subjectOf(one.params.mean.length), one, values, other);
});

test("factors that do not fit are refused", () => {
  const mean = input("mean", ["batch", 2]);
  expect(() => fullNormal({ mean, factor: input("factor", ["batch", 2]) })).toThrow(
    "fullNormal factor: expected shape [batch, 2, 2] or [2, 2], got [batch, 2]",
  );
  expect(() => fullNormal({ mean, factor: input("factor", [3, 3]) })).toThrow(ShapeError);
  expect(() => fullNormal({ mean, factor: undefined as never })).toThrow("fullNormal factor: expected a float32 tensor, got undefined");
});

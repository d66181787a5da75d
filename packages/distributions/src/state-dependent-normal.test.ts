import { evaluate, input } from "@uphill/autodiff";
import { ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { distributionContract } from "../test/contract.js";
import { lineGrid } from "../test/grids.js";
import { expectClose, expectMean, fewRuns, numbersBetween, parametersOf, run, samples, valueInput } from "../test/harness.js";
import type { Subject } from "../test/harness.js";
import { diagonalNormal } from "./diagonal-normal.js";
import { stateDependentNormal } from "./state-dependent-normal.js";

function subjectOf(count: number, size: number): Subject {
  return {
    name: `stateDependentNormal of ${count} features and ${size} components`,
    shapes: { mean: [size], features: [count], logStandardDeviation: [count, size] },
    make: (parameters) =>
      stateDependentNormal(
        parameters && {
          mean: parameters["mean"],
          features: parameters["features"],
          logStandardDeviation: parameters["logStandardDeviation"],
        },
      ),
    values: fc.record({
      mean: numbersBetween(-1, 1, size),
      features: numbersBetween(0.4, 1.5, count),
      logStandardDeviation: numbersBetween(-0.5, 0.5, count * size),
    }),
    ...(size === 1 && { grid: lineGrid(45, 0.15) }),
  };
}

test("example: one weight of noise for each feature", () => {
  const p = stateDependentNormal({
    mean: input("mean", [1, 1]),
    features: input("features", [1, 2]),
    logStandardDeviation: input("log", [2, 1]),
  });
  const feeds = { mean: [10], features: [3, 4], log: [0, 0] };
  expect(evaluate(p.sample(input("noise", [1, 2, 1])), { ...feeds, noise: [1, -1] })).toEqual(Float64Array.of(9));
  // Variance 3² + 4².
  expectClose(evaluate(p.entropy(), feeds) as Float64Array, [Math.log(5) + 0.5 * (1 + Math.log(2 * Math.PI))], 1e-14);
});

distributionContract(subjectOf(2, 1));
distributionContract(subjectOf(3, 2));

test("at one state it is the diagonal normal of variance Σ φ² σ²", () => {
  const subject = subjectOf(3, 2);
  const mean = input("mean", ["batch", 2]);
  const p = subject.make({ mean, features: input("features", ["batch", 3]), logStandardDeviation: input("logStandardDeviation", ["batch", 3, 2]) });
  const q = diagonalNormal({ mean, logStandardDeviation: input("log", ["batch", 2]) });
  const value = valueInput(p);
  const outputs = { a: p.logProbability(value), b: q.logProbability(value) };
  fc.assert(
    fc.property(subject.values, numbersBetween(-2, 2, 2), (values, x) => {
      const { features, logStandardDeviation } = values;
      const log = [0, 1].map((j) => 0.5 * Math.log(features.reduce((sum, phi, i) => sum + (phi * Math.exp(logStandardDeviation[2 * i + j])) ** 2, 0)));
      const { a, b } = run([...parametersOf(p), q.parameters.logStandardDeviation, value], outputs, { ...values, log, value: x });
      expectClose(a, b, 1e-12);
    }),
  );
});

test("with the noise held, samples at two states are correlated as their features are", () => {
  fc.assert(
    fc.property(numbersBetween(-1, 1, 4), numbersBetween(-0.5, 0.5, 2), fc.nat(), (features, logs, seed) => {
      const count = 4_000;
      // The same noise for both: a seed fixes it.
      const [first, second] = [features.slice(0, 2), features.slice(2)].map((phi) =>
        samples(subjectOf(2, 1), { mean: [0], features: phi, logStandardDeviation: logs }, count, seed),
      );
      const covariance = [0, 1].reduce((sum, i) => sum + features[i] * features[2 + i] * Math.exp(2 * logs[i]), 0);
      expectMean(first.map((x, k) => x * second[k]), covariance);
    }),
    fewRuns,
  );
});

test("shapes that do not fit are refused", () => {
  const mean = input("mean", ["batch", 2]);
  const features = input("features", ["batch", 3]);
  expect(() => stateDependentNormal({ mean, features, logStandardDeviation: input("log", [2, 3]) })).toThrow(
    "stateDependentNormal logStandardDeviation: expected shape [batch, 3, 2] or [3, 2], got [2, 3]",
  );
  expect(() => stateDependentNormal({ mean, features: input("features", ["other", 3]), logStandardDeviation: mean })).toThrow(ShapeError);
});

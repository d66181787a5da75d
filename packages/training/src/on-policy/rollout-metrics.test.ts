import { expect, test } from "vitest";
import { rolloutMetrics } from "./rollout-metrics.js";

test("explained variance of the values and spread of the advantages", () => {
  const metrics = rolloutMetrics({
    values: Float64Array.of(1, 2, 3, 4),
    returns: Float64Array.of(1, 3, 3, 5),
    advantages: Float64Array.of(-3, -1, 1, 3),
  });
  // Var[R − V] = ¼ and Var[R] = 2 over the population.
  expect(metrics.explainedVariance).toBeCloseTo(1 - 0.25 / 2, 10);
  expect(metrics.advantageDeviation).toBeCloseTo(Math.sqrt(5), 10);
});

test("advantages that are all equal have no spread", () => {
  const seven = Float64Array.of(7, 7, 7);
  expect(rolloutMetrics({ values: seven, returns: seven, advantages: seven }).advantageDeviation).toBeLessThan(1e-12);
});

import { evaluate, float32, input } from "@uphill/autodiff";
import { ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expectReference } from "../test/against-reference.js";
import { distributionContract } from "../test/contract.js";
import { intervalGrid } from "../test/grids.js";
import { expectClose, numbersBetween, parametersOf, run, valueInput } from "../test/harness.js";
import type { Subject } from "../test/harness.js";
import reference from "../test/reference/distributions.json" with { type: "json" };
import { kumaraswamy } from "./kumaraswamy.js";

function subjectOf(size: number, bounds: { low?: number[]; high?: number[] } = {}): Subject {
  return {
    name: `kumaraswamy of ${size}`,
    shapes: { a: [size], b: [size] },
    make: (parameters) => kumaraswamy(parameters && { a: parameters["a"], b: parameters["b"], ...bounds }),
    values: fc.record({ a: numbersBetween(1.3, 4, size), b: numbersBetween(1.3, 4, size) }),
    without: ["kl", "fisher"],
    // Near an end of its box a value is rounded by more, relative to its distance from the end.
    tolerance: 1e-4,
    ...(size === 1 && { grid: intervalGrid(bounds.low?.[0] ?? 0, bounds.high?.[0] ?? 1) }),
  };
}
const batched = () => kumaraswamy({ a: input("a", ["batch", 1]), b: input("b", ["batch", 1]) });

test("example: a = 2, b = 1 has the cdf x²", () => {
  const p = kumaraswamy({ a: input("a", [1, 1]), b: input("b", [1, 1]) });
  const feeds = { a: [2], b: [1] };
  expectClose(evaluate(p.inferNoise(input("value", [1, 1])), { ...feeds, value: [0.3] }) as Float64Array, [0.09], 1e-15);
  expectClose(evaluate(p.sample(input("noise", [1, 1])), { ...feeds, noise: [0.49] }) as Float64Array, [0.7], 1e-15);
  expectClose(evaluate(p.mean(), feeds) as Float64Array, [2 / 3], 1e-13);
});

distributionContract(subjectOf(1, { low: [-2], high: [3] }));
distributionContract(subjectOf(2, { low: [-1, 0], high: [1, 10] }));

test("cdf and quantile invert each other, for shapes from e⁻³ to e³", () => {
  const p = batched();
  const u = input("u", ["batch", 1]);
  const outputs = { x: p.sample(u), again: p.inferNoise(p.sample(u)), ...p.sampleWithLogProbability(u) };
  fc.assert(
    fc.property(numbersBetween(-3, 3, 2), fc.double({ min: 0.02, max: 0.98, noNaN: true }), (logs, at) => {
      const [a, b] = logs.map(Math.exp);
      const { x, again, logProbability } = run([...parametersOf(p), u], outputs, { a: [a], b: [b], u: [at] });
      expect(Number.isFinite(logProbability[0])).toBe(true);
      // Near an end x is rounded so much that u cannot come back: there only the range is tested.
      if (x[0] > 1e-30 && x[0] < 1 - 1e-4) expectClose(again, [at], 1e-9);
      else expect(x[0]).toSatisfy((y: number) => y >= 0 && y <= 1);
    }),
  );
});

test("in float32 sample and log-probability together are right where the sample is 0 or 1", () => {
  const p = batched();
  const u = input("u", ["batch", 1]);
  const outputs = p.sampleWithLogProbability(u);
  const feeds = { a: [0.01, 30, 0.2], b: [0.5, 0.02, 40], u: [0.3, 0.75, 2 ** -12] };
  const [single, double] = [float32, undefined].map((backend) => run([...parametersOf(p), u], { ...outputs }, feeds, backend));
  expectClose(single.logProbability, double.logProbability, 1e-5);
});

test("the mode is the peak, an edge, or the middle", () => {
  const p = batched();
  const feeds = { a: [2, 0.5, 3, 1, 0.5, 1], b: [2, 2, 1, 1, 0.5, 3] };
  expectClose(run(parametersOf(p), { mode: p.mode() }, feeds).mode, [Math.sqrt(1 / 3), 0, 1, 0.5, 0.5, 0], 1e-15);
});

test.each(reference.kumaraswamy)("one of a = $params.a agrees with its quadrature", (one) => {
  expectReference(subjectOf(1), one, { a: [one.params.a], b: [one.params.b] });
});

test("outside the box the log-probability is −∞; shapes that do not fit are refused", () => {
  const p = batched();
  const value = valueInput(p);
  const feeds = { a: [2, 2], b: [2, 2], value: [-0.1, 1.1] };
  expect(run([...parametersOf(p), value], { logP: p.logProbability(value) }, feeds).logP).toEqual([-Infinity, -Infinity]);
  expect(() => kumaraswamy({ a: input("a", ["batch", 2]), b: input("b", [2]) })).toThrow(ShapeError);
  expect(() => kumaraswamy({ a: input("a", ["batch", 2]) } as never)).toThrow("kumaraswamy b: expected a float32 tensor, got undefined");
});

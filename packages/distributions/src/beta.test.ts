import { evaluate, float32, input } from "@uphill/autodiff";
import { OptionError, Random, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expectReference } from "../test/against-reference.js";
import { distributionContract } from "../test/contract.js";
import { intervalGrid } from "../test/grids.js";
import { expectClose, expectMean, fewRuns, numbersBetween, parametersOf, run, samples, valueInput } from "../test/harness.js";
import type { Subject } from "../test/harness.js";
import reference from "../test/reference/distributions.json" with { type: "json" };
import { beta } from "./beta.js";
import type { Beta } from "./beta.js";
import { fillNoise } from "./noise.js";

function subjectOf(size: number, bounds: { low?: number[]; high?: number[] } = {}): Subject<Beta> {
  return {
    name: `beta of ${size}`,
    shapes: { alpha: [size], beta: [size] },
    make: (parameters) => beta(parameters && { alpha: parameters["alpha"], beta: parameters["beta"], ...bounds }),
    values: fc.record({ alpha: numbersBetween(1.5, 4, size), beta: numbersBetween(1.5, 4, size) }),
    // Near an end of its box a value is rounded by more, relative to its distance from the end.
    tolerance: 1e-4,
    ...(size === 1 && { grid: intervalGrid(bounds.low?.[0] ?? 0, bounds.high?.[0] ?? 1) }),
  };
}
const batched = (size: number, prefix = "") =>
  subjectOf(size).make({ alpha: input(`${prefix}alpha`, ["batch", size]), beta: input(`${prefix}beta`, ["batch", size]) });

test("example: α = 2, β = 1 has density 2x", () => {
  const p = beta({ alpha: input("alpha", [1, 1]), beta: input("beta", [1, 1]) });
  const feeds = { alpha: [2], beta: [1] };
  const value = input("value", [1, 1]);
  expectClose(evaluate(p.logProbability(value), { ...feeds, value: [0.25] }) as Float64Array, [Math.log(0.5)], 1e-13);
  expectClose(evaluate(p.mean(), feeds) as Float64Array, [2 / 3], 1e-15);
  expectClose(evaluate(p.entropy(), feeds) as Float64Array, [0.5 - Math.LN2], 1e-13);
});

distributionContract(subjectOf(1, { low: [-2], high: [3] }));
distributionContract(subjectOf(2, { low: [-1, 0], high: [1, 10] }));

test("drawn samples have the mean and the variance, for shapes below and above 1", () => {
  fc.assert(
    fc.property(numbersBetween(-2, 3, 2), fc.nat(), (logs, seed) => {
      const [a, b] = logs.map(Math.exp);
      const drawn = samples(subjectOf(1), { alpha: [a], beta: [b] }, 5_000, seed);
      const mean = a / (a + b);
      expectMean(drawn, mean);
      expectMean(drawn.map((x) => (x - mean) ** 2), (mean * (b / (a + b))) / (a + b + 1));
    }),
    fewRuns,
  );
});

test("a draw depends on the stream alone, and stays in the box at shapes of 0.001", () => {
  const p = subjectOf(1, { low: [-1], high: [2] }).make({ alpha: input("alpha", ["batch", 1]), beta: input("beta", ["batch", 1]) });
  const parameters = { alpha: new Float32Array(500).fill(0.001), beta: new Float32Array(500).fill(0.001) };
  const [first, again] = [new Float32Array(500), new Float32Array(500)];
  p.draw(parameters, new Random(3), first);
  p.draw(parameters, new Random(3), again);
  expect(first).toEqual(again);
  expect(first.every((x) => x >= -1 && x <= 2)).toBe(true);
  const value = valueInput(p);
  const { logP } = run([...parametersOf(p), value], { logP: p.logProbability(value) }, { ...parameters, value: first }, float32);
  expect(logP.every(Number.isFinite)).toBe(true);
});

test("in float32 nothing is lost at α and β of a hundred thousand", () => {
  const [p, q] = [batched(1), batched(1, "other/")];
  const value = valueInput(p);
  const outputs = { logP: p.logProbability(value), entropy: p.entropy(), kl: p.kl(q) };
  for (const [alpha, other, x] of [[1e5, 3e5, 0.2505], [2e4, 1e5, 0.166], [1e5, 1e5, 0.5]]) {
    const feeds = {
      alpha: [alpha], beta: [other], value: [Math.fround(x)],
      "other/alpha": [alpha * 1.125], "other/beta": [other],
    };
    const [single, double] = [float32, undefined].map((backend) => run([...parametersOf(p, q), value], outputs, feeds, backend));
    // x itself has a rounding of 3e-8, which these densities feel as 3e-8 · √(α + β)/σ, some 1e-4.
    for (const name of ["logP", "entropy", "kl"] as const) expectClose(single[name], double[name], 1e-4);
  }
});

test("the mode is the peak, an edge, or the middle", () => {
  const p = batched(1);
  const feeds = { alpha: [2, 0.5, 3, 1, 0.5, 1], beta: [4, 2, 1, 1, 0.5, 3] };
  expectClose(run(parametersOf(p), { mode: p.mode() }, feeds).mode, [0.25, 0, 1, 0.5, 0.5, 0], 1e-15);
});

test.each(reference.beta)("one of α = $params.alpha agrees with SciPy and PyTorch", (one) => {
  const [values, other] = [one.params, one.other].map((params) => ({ alpha: [params.alpha], beta: [params.beta] }));
  expectReference(subjectOf(1), one, values, other);
});

test("noise of no law, arrays that do not fit, and other bounds are refused", () => {
  const p = batched(2);
  expect(() => fillNoise(p.noise.kind, new Random(1), new Float32Array(2))).toThrow(
    'noise kind: expected "uniform" or "normal", got "sample" (fill it by the distribution\'s draw)',
  );
  expect(() => p.draw({ alpha: [1, 1], beta: [1] }, new Random(1), new Float64Array(2))).toThrow(ShapeError);
  expect(() => p.draw({ alpha: [1, 1] }, new Random(1), new Float64Array(2))).toThrow(OptionError);
  const { alpha, beta: other } = p.parameters;
  expect(() => p.kl(beta({ alpha, beta: other, high: 2 }))).toThrow("beta kl other: expected the same bounds, got others");
  expect(() => beta({ alpha, beta: input("beta", ["batch", 3]) })).toThrow("beta beta: expected shape [batch, 2], got [batch, 3]");
});

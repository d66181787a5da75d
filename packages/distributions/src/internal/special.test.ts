import { compile, float32, grad, input, interpreter } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { digamma as hostDigamma, logGamma, logNormalCdf as hostLogNormalCdf, normalQuantile as hostQuantile, trigamma as hostTrigamma } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logBeta } from "./log-beta.js";
import { digamma, stirlingRemainder, trigamma } from "./log-gamma.js";
import { logNormalCdf } from "./log-normal-cdf.js";
import { normalQuantile } from "./normal-quantile.js";
import { log1mexp, log1p } from "./smooth.js";

const x = input("x", ["n"]);

interface Special {
  readonly name: string;
  readonly of: (x: Tensor) => Tensor;
  readonly truth: (x: number) => number;
  readonly derivative: (x: number) => number;
  readonly arguments: fc.Arbitrary<number>;
  /** Error of float32 relative to the larger of 1 and the result, where it is not 2e-6. */
  readonly single?: number;
}

const signed = (low: number, high: number, sign: number) => fc.double({ min: low, max: high, noNaN: true }).map((e) => sign * Math.exp(e));
const real = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true });
const density = (z: number) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

const specials: readonly Special[] = [
  { name: "log1p", of: log1p, truth: Math.log1p, derivative: (t) => 1 / (1 + t), arguments: real(-0.9, 10) },
  { name: "log1p of small numbers", of: (t) => log1p(t).mul(1e6), truth: (t) => 1e6 * Math.log1p(t), derivative: (t) => 1e6 / (1 + t), arguments: signed(-20, -10, -1) },
  { name: "log1mexp", of: log1mexp, truth: (t) => Math.log(-Math.expm1(t)), derivative: (t) => 1 / (1 - Math.exp(-t)), arguments: signed(-4, 4, -1), single: 2e-5 },
  { name: "log Φ", of: logNormalCdf, truth: hostLogNormalCdf, derivative: (t) => Math.exp(-0.5 * t * t - 0.5 * Math.log(2 * Math.PI) - hostLogNormalCdf(t)), arguments: real(-40, 8), single: 1e-4 },
  { name: "Φ⁻¹ of a logarithm", of: normalQuantile, truth: (t) => hostQuantile(Math.exp(t)), derivative: (t) => Math.exp(t) / density(hostQuantile(Math.exp(t))), arguments: real(-600, -0.7), single: 1e-5 },
  { name: "digamma", of: digamma, truth: hostDigamma, derivative: hostTrigamma, arguments: signed(-3, 12, 1), single: 1e-4 },
  {
    name: "Stirling's remainder",
    of: stirlingRemainder,
    truth: (t) => logGamma(t) - ((t - 0.5) * Math.log(t) - t + 0.5 * Math.log(2 * Math.PI)),
    derivative: (t) => hostDigamma(t) - Math.log(t) + 0.5 / t,
    arguments: signed(-3, 3, 1),
    single: 1e-5,
  },
  { name: "log B(x, 2)", of: (t) => logBeta(t, t.mul(0).add(2)), truth: (t) => -Math.log(t) - Math.log(t + 1), derivative: (t) => -1 / t - 1 / (t + 1), arguments: signed(-3, 12, 1), single: 1e-5 },
];

describe.each(specials)("$name", ({ of, truth, derivative, arguments: values, single = 2e-6 }) => {
  const y = of(x);
  const outputs = { y, slope: grad(y.sum(), [x])[0] };
  const [double, float] = [interpreter, float32].map((backend) => compile({ inputs: { x }, outputs, backend }));
  const at = (program: typeof double, t: number) => Object.values(program.run({ x: [t] })).map((list) => (list as ArrayLike<number>)[0]);

  test("it and its derivative are right in float64, and finite and near in float32", () => {
    fc.assert(
      fc.property(values, (t) => {
        const [value, slope] = at(double, t);
        expect(Math.abs(value - truth(t))).toBeLessThanOrEqual(1e-11 * Math.max(1, Math.abs(truth(t))));
        expect(Math.abs(slope - derivative(t))).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(derivative(t))));
        const rounded = Math.fround(t);
        const [coarse, coarseSlope] = at(float, rounded);
        expect(Math.abs(coarse - truth(rounded))).toBeLessThanOrEqual(single * Math.max(1, Math.abs(truth(rounded))));
        expect(coarseSlope).toSatisfy(Number.isFinite);
      }),
    );
  });
});

test("trigamma is right in float64", () => {
  const program = compile({ inputs: { x }, outputs: { y: trigamma(x) }, backend: interpreter });
  fc.assert(
    fc.property(signed(-3, 12, 1), (t) => {
      const [value] = program.run({ x: [t] }).y as ArrayLike<number> & Iterable<number>;
      expect(Math.abs(value / hostTrigamma(t) - 1)).toBeLessThan(1e-11);
    }),
  );
});

test("second derivatives of a quantile go through its solution", () => {
  const [first] = grad(normalQuantile(x).sum(), [x]);
  const [second] = grad(first.sum(), [x]);
  const program = compile({ inputs: { x }, outputs: { first, second }, backend: interpreter });
  for (const t of [-0.8, -3, -50]) {
    const at = (change: number) => (program.run({ x: [t + change] }).first as ArrayLike<number>)[0];
    const numeric = (at(1e-4) - at(-1e-4)) / 2e-4;
    const analytic = (program.run({ x: [t] }).second as ArrayLike<number>)[0];
    expect(Math.abs(analytic - numeric)).toBeLessThan(1e-6 * Math.max(1, Math.abs(numeric)));
  }
});

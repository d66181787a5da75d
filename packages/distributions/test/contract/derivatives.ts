import { constant, grad, input } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  batchOf,
  derivativeCheck,
  has,
  noiseBetween,
  parametersOf,
  repeated,
  run,
  samples,
  seeds,
  someRuns,
  valueInput,
} from "../harness.js";
import type { Subject } from "../harness.js";
import type { Support } from "../../src/index.js";

/** Derivatives in parameters and values are central differences. */
export function derivativeLaws(subject: Subject): void {
  const [p, q] = [batchOf(subject), batchOf(subject, ["batch"], "other/")];
  const value = valueInput(p);
  const noise = input("noise", p.noise.shape);
  const inputs = [...parametersOf(p, q), value, noise];
  const sampled = { value: p.sample(noise) };

  // All or nothing on one point has no derivatives to differ.
  const isSmooth = p.support.kind !== "point";
  const numbers: [string, Tensor][] = [
    ...(isSmooth ? [["logProbability", p.logProbability(value)] as [string, Tensor]] : []),
    ...(has(subject, "entropy") ? [["entropy", p.entropy()] as [string, Tensor]] : []),
    ...(has(subject, "mean") ? [["mean", p.mean().square()] as [string, Tensor]] : []),
    ...(has(subject, "kl") && isSmooth ? [["kl", p.kl(q)] as [string, Tensor]] : []),
    ...(p.reparameterized ? [["sample", weighted(p.sample(noise))] as [string, Tensor]] : []),
    ...(p.reparameterized
      ? [["sampleWithLogProbability", p.sampleWithLogProbability(noise).logProbability] as [string, Tensor]]
      : []),
  ];
  test.each(numbers)("derivatives of %s are its central differences", (_, each) => {
    const moving = [...parametersOf(p, q), ...(p.dtype === "float32" ? [value] : [])];
    const check = derivativeCheck(each, moving, inputs);
    fc.assert(
      fc.property(subject.values, subject.values, seeds, (a, b, k) => {
        const both = Object.fromEntries(Object.entries(a).map(([name, row]) => [name, [...row, ...b[name]]]));
        const drawn = [...noiseBetween(p, 0.2, 0.9), ...noiseBetween(p, 0.8, 0.1)];
        const inside = () => run([...parametersOf(p), noise], sampled, { ...both, noise: drawn }).value;
        const values = p.noise.kind === "uniform" ? inside() : offEnds(p.support, samples(subject, a, 2, k));
        check({ ...both, ...repeated(b, 2, "other/"), value: values, noise: drawn });
      }),
      someRuns,
    );
  });

  test("a sample has derivatives exactly where it is reparameterized", () => {
    if (p.dtype === "int32") {
      expect(p.reparameterized).toBe(false);
      return;
    }
    const derivatives = grad(weighted(p.sample(noise)).sum(), parametersOf(p));
    const outputs = Object.fromEntries(derivatives.map((derivative, k) => [`${k}`, derivative]));
    fc.assert(
      fc.property(subject.values, (values) => {
        const feeds = { ...repeated(values, 1), noise: noiseBetween(p, 0.3, 0.9) };
        for (const list of Object.values(run([...parametersOf(p), noise], outputs, feeds))) {
          expect(list.some((x) => x !== 0)).toBe(p.reparameterized);
        }
      }),
    );
  });
}

/** Values at least a hundredth of the support's width from its ends, near which a density is too steep for differences. */
function offEnds(support: Support, values: readonly number[]): readonly number[] {
  if (support.kind !== "box") return values;
  const { low, high } = support;
  return values.map((x, i) => {
    const [least, most] = [low[i % low.length], high[i % high.length]];
    const margin = (most - least) / 100;
    return Math.min(Math.max(x, least + margin), most - margin);
  });
}

/** Numbers that weigh the elements of each value differently, so that a sum which is always the same is not all. */
function weighted(value: Tensor): Tensor {
  const width = value.shape.at(-1) as number;
  const weights = Array.from({ length: width }, (_, i) => 1 + i);
  return value.mul(constant(weights));
}

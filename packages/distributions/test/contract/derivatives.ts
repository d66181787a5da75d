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

/** Derivatives in parameters and values are central differences. */
export function derivativeLaws(subject: Subject): void {
  const [p, q] = [batchOf(subject), batchOf(subject, ["batch"], "other/")];
  const value = valueInput(p);
  const noise = input("noise", p.noise.shape);
  const inputs = [...parametersOf(p, q), value, noise];
  const sampled = { value: p.sample(noise) };

  // All or nothing on one point has no derivatives to differ.
  const isSmooth = p.support.kind !== "point";
  const scalars: [string, Tensor][] = [
    ...(isSmooth ? [["logProbability", p.logProbability(value).sum()] as [string, Tensor]] : []),
    ...(has(subject, "entropy") ? [["entropy", p.entropy().sum()] as [string, Tensor]] : []),
    ...(has(subject, "mean") ? [["mean", p.mean().square().sum()] as [string, Tensor]] : []),
    ...(has(subject, "kl") && isSmooth ? [["kl", p.kl(q).sum()] as [string, Tensor]] : []),
    ...(p.reparameterized ? [["sample", weighted(p.sample(noise))] as [string, Tensor]] : []),
    ...(p.reparameterized
      ? [["sampleWithLogProbability", p.sampleWithLogProbability(noise).logProbability.sum()] as [string, Tensor]]
      : []),
  ];
  test.each(scalars)("derivatives of %s are its central differences", (_, scalar) => {
    const moving = [...parametersOf(p, q), ...(p.dtype === "float32" ? [value] : [])];
    const check = derivativeCheck(scalar, moving, inputs);
    fc.assert(
      fc.property(subject.values, subject.values, seeds, (a, b, k) => {
        const both = Object.fromEntries(Object.entries(a).map(([name, row]) => [name, [...row, ...b[name]]]));
        // Near an end of the support a density is too steep for differences; these are not.
        const drawn = [...noiseBetween(p, 0.2, 0.9), ...noiseBetween(p, 0.8, 0.1)];
        const inside = () => run([...parametersOf(p), noise], sampled, { ...both, noise: drawn }).value;
        const values = p.noise.kind === "uniform" ? inside() : samples(subject, a, 2, k);
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
    const derivatives = grad(weighted(p.sample(noise)), parametersOf(p));
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

/** A scalar that weighs the elements of each value differently, so that a sum which is always the same is not all. */
function weighted(value: Tensor): Tensor {
  const width = value.shape.at(-1) as number;
  const weights = Array.from({ length: width }, (_, i) => 1 + i);
  return value.mul(constant(weights)).sum();
}

import { grad, input } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  batchOf,
  expectDerivative,
  noiseFilledWith,
  parametersOf,
  repeated,
  run,
  samples,
  seeds,
  valueInput,
} from "../harness.js";
import type { Subject } from "../harness.js";

/** Derivatives in parameters and values are central differences. */
export function derivativeLaws(subject: Subject): void {
  const [p, q] = [batchOf(subject), batchOf(subject, ["batch"], "other/")];
  const value = valueInput(p);
  const noise = input("noise", p.noise.shape);
  const inputs = [...parametersOf(p, q), value, noise];

  const scalars: [string, Tensor][] = [
    ["logProbability", p.logProbability(value).sum()],
    ["entropy", p.entropy().sum()],
    ["kl", p.kl(q).sum()],
    ...(p.reparameterized ? [["sample", p.sample(noise).square().sum()] as [string, Tensor]] : []),
  ];
  test.each(scalars)("derivatives of %s are its central differences", (_, scalar) => {
    const moving = [...parametersOf(p, q), ...(p.dtype === "float32" ? [value] : [])];
    const derivatives = grad(scalar, moving);
    fc.assert(
      fc.property(subject.values, subject.values, seeds, (a, b, k) => {
        const feeds = {
          ...Object.fromEntries(Object.entries(a).map(([name, row]) => [name, [...row, ...b[name]]])),
          ...repeated(b, 2, "other/"),
          value: samples(subject, a, 2, k),
          noise: [...noiseFilledWith(p, 0.3), ...noiseFilledWith(p, 0.8)],
        };
        moving.forEach((tensor, index) => expectDerivative(scalar, derivatives[index], tensor.name!, feeds, inputs));
      }),
      { numRuns: 20 },
    );
  });

  test("a sample has derivatives exactly where it is reparameterized", () => {
    if (p.dtype === "int32") {
      expect(p.reparameterized).toBe(false);
      return;
    }
    const derivatives = grad(p.sample(noise).sum(), parametersOf(p));
    const outputs = Object.fromEntries(derivatives.map((derivative, k) => [`${k}`, derivative]));
    fc.assert(
      fc.property(subject.values, (values) => {
        const feeds = { ...repeated(values, 1), noise: noiseFilledWith(p, 0.7) };
        for (const list of Object.values(run([...parametersOf(p), noise], outputs, feeds))) {
          expect(list.some((x) => x !== 0)).toBe(p.reparameterized);
        }
      }),
    );
  });
}

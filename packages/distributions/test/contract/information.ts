import { constant, grad, jvp } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { OptionError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { batchOf, expectClose, has, parametersOf, repeated, run, someRuns } from "../harness.js";
import type { ClosedForm, Subject } from "../harness.js";

/** The Fisher information is KL's Hessian; what has no closed form is refused with a remedy. */
export function informationLaws(subject: Subject): void {
  const p = batchOf(subject, []);

  function hessianLaw(): void {
    test("the Fisher information is symmetric, and the Hessian of KL(p‖q) in q at q = p", () => {
      const q = batchOf(subject, [], "other/");
      const parameters = parametersOf(q);
      const gradients = grad(p.kl(q), parameters);
      const directions = parameters.flatMap((parameter, k) =>
        Array.from({ length: countOf(parameter) }, (_, i) => parameters.map((other, m) => direction(other, m === k ? i : -1))),
      );
      const rows = directions.flatMap((tangents, row) =>
        jvp(gradients, parameters, tangents).map((tangent, k) => [`${row}/${k}`, tangent] as const),
      );
      const [hessian, fisher] = [Object.fromEntries(rows), { fisher: p.fisher() }];
      fc.assert(
        fc.property(subject.values, (values) => {
          const feeds = { ...repeated(values, 1), ...repeated(values, 1, "other/") };
          const information = run(parametersOf(p), fisher, repeated(values, 1)).fisher;
          expectClose(Object.values(run([...parametersOf(p), ...parameters], hessian, feeds)).flat(), information, 1e-9);
          const size = Math.sqrt(information.length);
          expectClose(information.map((_, i) => information[(i % size) * size + Math.floor(i / size)]), information, 1e-12);
        }),
        someRuns,
      );
    });
  }
  if (has(subject, "fisher")) hessianLaw();

  const calls: Record<ClosedForm, () => Tensor> = {
    entropy: () => p.entropy(),
    mean: () => p.mean(),
    kl: () => p.kl(p),
    fisher: () => p.fisher(),
  };
  test.each(subject.without ?? [])("%s is refused, with a remedy", (form) => {
    expect(calls[form]).toThrow(OptionError);
    expect(calls[form]).toThrow(`${p.kind} ${form}: expected a family that has one, got one that has none in closed form; `);
  });
}

function countOf({ shape }: Tensor): number {
  return (shape as number[]).reduce((product, length) => product * length, 1);
}

function direction(parameter: Tensor, index: number): Tensor {
  const values = Float64Array.from({ length: countOf(parameter) }, (_, i) => (i === index ? 1 : 0));
  return constant(values, parameter.shape as number[]);
}

import { float32 } from "@uphill/autodiff";
import fc from "fast-check";
import { test } from "vitest";
import { batchOf, expectClose, has, parametersOf, repeated, run, samples, seeds, valueInput } from "../harness.js";
import type { Subject } from "../harness.js";

/** What training computes in float32 is what float64 says. */
export function precisionLaws(subject: Subject): void {
  test("float32 agrees with float64", () => {
    const [p, q] = [batchOf(subject), batchOf(subject, ["batch"], "other/")];
    const value = valueInput(p);
    const inputs = [...parametersOf(p, q), value];
    const outputs = {
      logProbability: p.logProbability(value),
      ...(has(subject, "entropy") && { entropy: p.entropy() }),
      ...(has(subject, "mean") && { mean: p.mean() }),
      ...(has(subject, "kl") && { kl: p.kl(q) }),
      ...(has(subject, "fisher") && { fisher: p.fisher() }),
    };
    fc.assert(
      fc.property(subject.values, subject.values, seeds, (a, b, k) => {
        const exact = { ...repeated(a, 1), ...repeated(b, 1, "other/"), value: samples(subject, a, 1, k) };
        const feeds = Object.fromEntries(Object.entries(exact).map(([name, list]) => [name, [...Float32Array.from(list)]]));
        const [single, double] = [run(inputs, outputs, feeds, float32), run(inputs, outputs, feeds)];
        for (const [name, list] of Object.entries(double)) {
          expectClose((single as Record<string, number[]>)[name], list, subject.tolerance ?? 1e-5);
        }
      }),
    );
  });
}

import { formatShape, input } from "@uphill/autodiff";
import fc from "fast-check";
import { expect, test } from "vitest";
import { batchOf, parametersOf, repeated, run, samples, seeds, valueInput } from "../harness.js";
import type { Subject } from "../harness.js";

/** Shapes and dtypes are exact, and parameters make a distribution again. */
export function shapeLaws(subject: Subject): void {
  test.each([[["batch"]], [[3]], [[]], [["batch", 2]]])("with batch axes %j shapes and dtypes are exact", (batch) => {
    const p = batchOf(subject, batch);
    const noise = input("noise", p.noise.shape);
    const valueShape = formatShape([...batch, ...p.eventShape]);
    expect(p.batchShape).toEqual(batch);
    expect(formatShape(p.noise.shape.slice(0, batch.length))).toBe(formatShape(batch));
    for (const value of [p.sample(noise), p.mode(), p.sampleWithLogProbability(noise).value]) {
      expect([formatShape(value.shape), value.dtype]).toEqual([valueShape, p.dtype]);
    }
    const numbers = [p.logProbability(valueInput(p)), p.entropy(), p.kl(p), p.sampleWithLogProbability(noise).logProbability];
    for (const number of numbers) expect([number.shape, number.dtype]).toEqual([batch, "float32"]);
  });

  test("withParameters makes the same family", () => {
    fc.assert(
      fc.property(subject.values, seeds, (values, k) => {
        const p = batchOf(subject);
        const q = p.withParameters(p.parameters);
        expect([q.kind, q.noise, q.batchShape]).toEqual([p.kind, p.noise, p.batchShape]);
        const value = valueInput(p);
        const feeds = { ...repeated(values, 1), value: samples(subject, values, 1, k) };
        const { a, b } = run([...parametersOf(p), value], { a: p.logProbability(value), b: q.logProbability(value) }, feeds);
        expect(a).toEqual(b);
      }),
    );
  });
}

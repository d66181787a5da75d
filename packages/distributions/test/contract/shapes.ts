import { formatShape, input } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import fc from "fast-check";
import { expect, test } from "vitest";
import { batchOf, has, parametersOf, repeated, run, samples, seeds, valueInput } from "../harness.js";
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
    const numbers = [p.logProbability(valueInput(p)), p.sampleWithLogProbability(noise).logProbability];
    if (has(subject, "entropy")) numbers.push(p.entropy());
    if (has(subject, "kl")) numbers.push(p.kl(p));
    for (const number of numbers) expect([number.shape, number.dtype]).toEqual([batch, "float32"]);
    const others: [Tensor, readonly (string | number)[]][] = [];
    if (has(subject, "mean")) others.push([p.mean(), [...batch, ...p.eventShape]]);
    if (has(subject, "fisher")) others.push([p.fisher(), [...batch, parameterCount(subject), parameterCount(subject)]]);
    for (const [tensor, shape] of others) expect([formatShape(tensor.shape), tensor.dtype]).toEqual([formatShape(shape), "float32"]);
  });

  test("withParameters makes the same family", () => {
    const p = batchOf(subject);
    const q = p.withParameters(p.parameters);
    expect([q.kind, q.noise, q.batchShape, q.support]).toEqual([p.kind, p.noise, p.batchShape, p.support]);
    const value = valueInput(p);
    const outputs = { a: p.logProbability(value), b: q.logProbability(value) };
    fc.assert(
      fc.property(subject.values, seeds, (values, k) => {
        const feeds = { ...repeated(values, 1), value: samples(subject, values, 1, k) };
        const { a, b } = run([...parametersOf(p), value], outputs, feeds);
        expect(a).toEqual(b);
      }),
    );
  });
}

/** How many parameters one distribution has. */
export function parameterCount({ shapes }: Subject): number {
  const count = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);
  return Object.values(shapes).reduce((sum, shape) => sum + count(shape), 0);
}

import { float32, input, interpreter } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Support } from "../../src/index.js";
import { batchOf, expectClose, fill, parametersOf, repeated, run, samples, seeds, valueInput } from "../harness.js";
import type { Subject } from "../harness.js";

/** Samples lie in the support, and where noise can be inferred, it is the noise that made them. */
export function supportLaws(subject: Subject): void {
  const p = batchOf(subject);
  const noise = input("noise", p.noise.shape);
  const value = valueInput(p);

  test("samples and the mode are in the support, in float32 too", () => {
    const outputs = { sample: p.sample(noise), mode: p.mode() };
    fc.assert(
      fc.property(subject.values, seeds, fc.constantFrom(interpreter, float32), (values, seed, backend) => {
        const count = 5;
        const parameters = repeated(values, count);
        const drawn = new Float64Array(count * (p.noise.shape.slice(1) as number[]).reduce((a, b) => a * b, 1));
        fill(p, parameters, new Random(seed), drawn);
        const { sample, mode } = run([...parametersOf(p), noise], outputs, { ...parameters, noise: drawn }, backend);
        const width = sample.length / count;
        for (const list of [sample, mode]) {
          for (let i = 0; i < list.length; i += width) requireWithin(p.support, list.slice(i, i + width));
        }
      }),
    );
  });

  function inferenceLaw(): void {
    test("inferred noise is the noise that made a value, and makes it again", () => {
      const inferNoise = (x: typeof value) => (p as unknown as { inferNoise(x: typeof value): typeof value }).inferNoise(x);
      const outputs = { again: inferNoise(p.sample(noise)), inferred: inferNoise(value), value: p.sample(inferNoise(value)) };
      const inputs = [...parametersOf(p), noise, value];
      fc.assert(
        fc.property(subject.values, seeds, (values, seed) => {
          const parameters = repeated(values, 2);
          const x = samples(subject, values, 2, seed);
          const drawn = run(inputs, outputs, { ...parameters, value: x, noise: x.map(() => 0.5) }).inferred;
          const result = run(inputs, outputs, { ...parameters, value: x, noise: drawn });
          expectClose(result.value, x, 1e-9);
          expectClose(result.again, drawn, 1e-8);
        }),
      );
    });
  }
  if ("inferNoise" in p) inferenceLaw();
}

function requireWithin(support: Support, row: readonly number[]): void {
  // An expect takes tens of microseconds: it is asked only where there is something wrong.
  if (!within(support, row)) expect(row, `expected to be within ${JSON.stringify(support)}`).toBe(undefined);
}

function within(support: Support, row: readonly number[]): boolean {
  switch (support.kind) {
    case "indices":
      return row.length === support.counts.length && row.every((x, i) => Number.isInteger(x) && x >= 0 && x < support.counts[i]);
    case "box":
      return row.every((x, i) => x >= Math.fround(support.low[i]) && x <= Math.fround(support.high[i]));
    case "simplex":
      return row.every((x) => x >= 0) && Math.abs(row.reduce((sum, x) => sum + x, 0) - 1) < 5e-6;
    case "real":
    case "point":
      return row.every(Number.isFinite);
  }
}

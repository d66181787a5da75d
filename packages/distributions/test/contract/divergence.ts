import fc from "fast-check";
import { expect, test } from "vitest";
import {
  batchOf,
  expectMean,
  fewRuns,
  parametersOf,
  repeated,
  run,
  sampleCount,
  samples,
  seeds,
  valueInput,
} from "../harness.js";
import type { Subject } from "../harness.js";

/** KL is not negative, 0 only between equals, and the mean that defines it. */
export function divergenceLaws(subject: Subject): void {
  const [p, q] = [batchOf(subject), batchOf(subject, ["batch"], "other/")];
  const inputs = parametersOf(p, q);
  const closed = { kl: p.kl(q) };

  test("KL is not negative, and 0 from a distribution to itself", () => {
    const outputs = { apart: p.kl(q), same: p.kl(p) };
    fc.assert(
      fc.property(subject.values, subject.values, (a, b) => {
        const feeds = { ...repeated(a, 1), ...repeated(b, 1, "other/") };
        const { apart, same } = run(inputs, outputs, feeds);
        expect(apart[0]).toBeGreaterThanOrEqual(-1e-14);
        expect(Math.abs(same[0])).toBeLessThanOrEqual(1e-15);
      }),
    );
  });

  test("KL is 0 only between equals", () => {
    const value = valueInput(p);
    const outputs = { logP: p.logProbability(value), logQ: q.logProbability(value) };
    fc.assert(
      fc.property(subject.values, subject.values, seeds, (a, b, k) => {
        const count = 4;
        const feeds = { ...repeated(a, count), ...repeated(b, count, "other/"), value: samples(subject, a, count, k) };
        const { logP, logQ } = run([...inputs, value], outputs, feeds);
        const { kl } = run(inputs, closed, { ...repeated(a, 1), ...repeated(b, 1, "other/") });
        const difference = Math.max(...logP.map((x, i) => Math.abs(x - logQ[i])));
        if (difference > 1e-3) expect(kl[0]).toBeGreaterThan(1e-12);
      }),
    );
  });

  test("KL(p‖q) is the mean of log p − log q over samples of p", () => {
    const value = valueInput(p);
    const outputs = { ratio: p.logProbability(value).sub(q.logProbability(value)) };
    fc.assert(
      fc.property(subject.values, subject.values, seeds, (a, b, k) => {
        const feeds = {
          ...repeated(a, sampleCount),
          ...repeated(b, sampleCount, "other/"),
          value: samples(subject, a, sampleCount, k),
        };
        const { ratio } = run([...inputs, value], outputs, feeds);
        const { kl } = run(inputs, closed, { ...repeated(a, 1), ...repeated(b, 1, "other/") });
        expectMean(ratio, kl[0], "KL");
      }),
      fewRuns,
    );
  });
}

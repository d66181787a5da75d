import { float32, grad, input, interpreter } from "@uphill/autodiff";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  batchOf,
  expectClose,
  expectMean,
  fewRuns,
  noiseFilledWith,
  parametersOf,
  repeated,
  run,
  sampleCount,
  samples,
  seeds,
  valueInput,
} from "../harness.js";
import type { Subject } from "../harness.js";

/** Samples have finite log-probabilities whose mean is the entropy, and scores of mean zero. */
export function samplingLaws(subject: Subject): void {
  test("sampleWithLogProbability is sample, then logProbability", () => {
    const p = batchOf(subject);
    const noise = input("noise", p.noise.shape);
    const both = p.sampleWithLogProbability(noise);
    const outputs = {
      value: both.value,
      logProbability: both.logProbability,
      sample: p.sample(noise),
      again: p.logProbability(p.sample(noise)),
    };
    fc.assert(
      fc.property(subject.values, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (values, u) => {
        const feeds = { ...repeated(values, 1), noise: noiseFilledWith(p, u) };
        const result = run([...parametersOf(p), noise], outputs, feeds);
        expectClose(result.value, result.sample, 1e-12);
        expectClose(result.logProbability, result.again, 1e-9);
      }),
    );
  });

  test("the log-probability of a sample is finite, at the noise's edges too", () => {
    const p = batchOf(subject);
    const noise = input("noise", p.noise.shape);
    const edges = p.noise.kind === "uniform" ? [0, 2 ** -54, 0.5, 1 - 2 ** -24, 1] : [-8, 0, 8];
    const { logProbability } = p.sampleWithLogProbability(noise);
    fc.assert(
      fc.property(subject.values, fc.constantFrom(...edges), fc.constantFrom(interpreter, float32), (values, edge, backend) => {
        const feeds = { ...repeated(values, 1), noise: noiseFilledWith(p, edge) };
        expect(run([...parametersOf(p), noise], { logProbability }, feeds, backend).logProbability[0]).toSatisfy(Number.isFinite);
      }),
    );
  });

  test("entropy is the mean of −log p over samples, and no sample is more probable than the mode", () => {
    const p = batchOf(subject);
    const value = valueInput(p);
    const outputs = { logP: p.logProbability(value), entropy: p.entropy(), ofMode: p.logProbability(p.mode()) };
    fc.assert(
      fc.property(subject.values, seeds, (values, k) => {
        const feeds = { ...repeated(values, sampleCount), value: samples(subject, values, sampleCount, k) };
        const { logP, entropy, ofMode } = run([...parametersOf(p), value], outputs, feeds);
        expectMean(logP.map((x) => -x), entropy[0], "entropy");
        expect(Math.max(...logP)).toBeLessThanOrEqual(ofMode[0] + 1e-12);
      }),
      fewRuns,
    );
  });

  test("the score has mean zero", () => {
    const p = batchOf(subject);
    const value = valueInput(p);
    const parameters = parametersOf(p);
    const scores = grad(p.logProbability(value).sum(), parameters);
    const outputs = Object.fromEntries(scores.map((score, k) => [`score${k}`, score]));
    fc.assert(
      fc.property(subject.values, seeds, (values, k) => {
        const feeds = { ...repeated(values, sampleCount), value: samples(subject, values, sampleCount, k) };
        for (const rows of Object.values(run([...parameters, value], outputs, feeds))) {
          const width = rows.length / sampleCount;
          for (let j = 0; j < width; j++) expectMean(rows.filter((_, i) => i % width === j), 0, "score");
        }
      }),
      fewRuns,
    );
  });
}

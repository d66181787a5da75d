import { float32, grad, input, interpreter } from "@uphill/autodiff";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  batchOf,
  expectClose,
  expectMean,
  fewRuns,
  has,
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
  const p = batchOf(subject);
  const value = valueInput(p);
  const noise = input("noise", p.noise.shape);
  const isMaximum = !subject.modeIsImage;

  test("sampleWithLogProbability is sample, then logProbability", () => {
    const both = p.sampleWithLogProbability(noise);
    const outputs = {
      value: both.value,
      logProbability: both.logProbability,
      sample: p.sample(noise),
      again: p.logProbability(p.sample(noise)),
    };
    fc.assert(
      fc.property(subject.values, fc.double({ min: 1e-3, max: 1, maxExcluded: true, noNaN: true }), (values, u) => {
        const feeds = { ...repeated(values, 1), noise: noiseFilledWith(p, u) };
        const result = run([...parametersOf(p), noise], outputs, feeds);
        expectClose(result.value, result.sample, 1e-12);
        expectClose(result.logProbability, result.again, 1e-9);
      }),
    );
  });

  test("the log-probability of a sample is finite, at the noise's edges too", () => {
    const edges = p.noise.kind === "normal" ? [-8, 0, 8] : [0, 2 ** -54, 0.5, 1 - 2 ** -24, 1];
    const outputs = {
      together: p.sampleWithLogProbability(noise).logProbability,
      apart: p.logProbability(p.sample(noise)),
    };
    fc.assert(
      fc.property(subject.values, fc.constantFrom(...edges), fc.constantFrom(interpreter, float32), (values, edge, backend) => {
        const feeds = { ...repeated(values, 1), noise: noiseFilledWith(p, edge) };
        const { together, apart } = run([...parametersOf(p), noise], outputs, feeds, backend);
        expect([together[0], apart[0]]).toSatisfy((list: number[]) => list.every(Number.isFinite));
      }),
    );
  });

  function entropyLaw(): void {
    test("entropy is the mean of −log p over samples", () => {
      const [outputs, closed] = [{ logP: p.logProbability(value) }, { entropy: p.entropy() }];
      fc.assert(
        fc.property(subject.values, seeds, (values, k) => {
          const feeds = { ...repeated(values, sampleCount), value: samples(subject, values, sampleCount, k) };
          const { logP } = run([...parametersOf(p), value], outputs, feeds);
          expectMean(logP.map((x) => -x), run(parametersOf(p), closed, repeated(values, 1)).entropy[0], "entropy");
        }),
        fewRuns,
      );
    });
  }
  if (has(subject, "entropy")) entropyLaw();

  function modeLaw(): void {
    test("no sample is more probable than the mode", () => {
      const [outputs, atMode] = [{ logP: p.logProbability(value) }, { logP: p.logProbability(p.mode()) }];
      fc.assert(
        fc.property(subject.values, seeds, (values, k) => {
          const feeds = { ...repeated(values, 10), value: samples(subject, values, 10, k) };
          const { logP } = run([...parametersOf(p), value], outputs, feeds);
          const largest = run(parametersOf(p), atMode, repeated(values, 1)).logP[0];
          expect(Math.max(...logP)).toBeLessThanOrEqual(largest + 1e-12);
        }),
      );
    });
  }
  if (isMaximum) modeLaw();

  function meanLaw(): void {
    test("the mean is the mean of samples", () => {
      const outputs = { mean: p.mean() };
      fc.assert(
        fc.property(subject.values, seeds, (values, k) => {
          const drawn = samples(subject, values, sampleCount, k);
          const { mean } = run(parametersOf(p), outputs, repeated(values, 1));
          mean.forEach((expected, j) => expectMean(drawn.filter((_, i) => i % mean.length === j), expected));
        }),
        fewRuns,
      );
    });
  }
  if (has(subject, "mean")) meanLaw();

  test("the score has mean zero", () => {
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

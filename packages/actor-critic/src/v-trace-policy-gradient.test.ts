import { OptionError, Random } from "@uphill/core-math";
import { box, discrete } from "@uphill/envs";
import { ReplayBuffer } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { vTracePolicyGradient } from "./index.js";
import type { VTraceReport } from "./index.js";

/** A walk over five places, from the middle; the right end pays 1. Made by a policy that goes left three times of four. */
function walks(steps: number, keepsLogProbabilities = true) {
  const spaces = { count: 2, observationSpace: box({ low: 0, high: 1, shape: [5] }), actionSpace: discrete(2) };
  const buffer = new ReplayBuffer(spaces, { capacity: 100_000, keepsLogProbabilities });
  const random = new Random(9);
  const places = [2, 2];
  const marked = (all: readonly number[]) => all.flatMap((place) => Array.from({ length: 5 }, (_, k) => (k === place ? 1 : 0)));
  for (let t = 0; t < steps; t++) {
    const right = places.map(() => Number(random.random() < 0.25));
    const next = places.map((place, i) => place + (right[i] === 1 ? 1 : -1));
    const ended = next.map((place) => Number(place === 0 || place === 4));
    buffer.add({
      observations: marked(places),
      actions: Int32Array.from(right),
      logProbabilities: right.map((one) => Math.log(one === 1 ? 0.25 : 0.75)),
      rewards: next.map((place) => Number(place === 4)),
      nextObservations: marked(next),
      terminated: ended,
      truncated: [0, 0],
    });
    next.forEach((place, i) => (places[i] = ended[i] === 1 ? 2 : place));
  }
  return buffer;
}

const small = { hiddenWidths: [8], sequences: 8, sequenceSteps: 8, gamma: 0.9 };

describe("vTracePolicyGradient", () => {
  test("learns to go right from a policy that mostly goes left, and reports each update", async () => {
    const reports: VTraceReport[] = [];
    const onUpdate = (report: VTraceReport): void => {
      reports.push(report);
    };
    const policy = await vTracePolicyGradient({ transitions: walks(500), ...small, updates: 300, learningRate: 0.01, onUpdate });
    expect(reports.map(({ update }) => update)).toEqual(Array.from({ length: 300 }, (_, k) => k + 1));
    expect(reports[0].entropy).toBeCloseTo(Math.LN2, 2);
    expect(reports.at(-1)!.valueLoss).toBeLessThan(reports[0].valueLoss);
    for (const { policyLoss, gradientNorm } of reports) expect([policyLoss, gradientNorm].every(Number.isFinite)).toBe(true);
    for (const place of [1, 2, 3]) expect(policy.act(Array.from({ length: 5 }, (_, k) => (k === place ? 1 : 0)))).toBe(1);
  });

  test("the same seed gives the same policy, another seed another", async () => {
    const learned = async (seed: number) => {
      const { store } = await vTracePolicyGradient({ transitions: walks(60), ...small, updates: 3, seed });
      return store.variables().map((variable) => [...store.read(variable)]);
    };
    expect(await learned(1)).toEqual(await learned(1));
    expect(await learned(1)).not.toEqual(await learned(2));
  });

  test("refuses what it cannot learn from", async () => {
    const refused = async (options: object, message: string) => {
      const running = vTracePolicyGradient({ transitions: walks(20), ...small, ...options });
      await expect(running).rejects.toThrow(OptionError);
      await expect(running).rejects.toThrow(message);
    };
    await refused({ transitions: [] }, "transitions: expected a ReplayBuffer, got []");
    await refused({ transitions: walks(20, false) }, "transitions: expected a buffer that keeps log-probabilities, got one that does not");
    await refused({ sequenceSteps: 21 }, "transitions: expected at least sequenceSteps = 21 steps of each environment, got 20");
    await refused({ gamma: 2 }, "gamma");
    await refused({ seed: -1 }, "seed");
  });
});

import { OptionError, Random } from "@uphill/core-math";
import { box, discrete } from "@uphill/envs";
import { ReplayBuffer } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { amortizedFittedQ, gradientAscent, networkRegression, nfqca } from "./index.js";
import type { NfqcaReport } from "./index.js";

/**
 * One number s in ±1 and a push a in ±½: s′ = s + a, the reward is −s′², and after two steps it is over. Best is a = −s, as
 * far as it goes.
 */
function pushes(count: number, actionSpace = box({ low: -0.5, high: 0.5, shape: [1] })) {
  const buffer = new ReplayBuffer({ count: 1, observationSpace: box({ low: -2, high: 2, shape: [1] }), actionSpace }, { capacity: count });
  const random = new Random(6);
  for (let k = 0; k < count; k++) {
    const [s, a] = [random.uniform(-1, 1), random.uniform(-0.5, 0.5)];
    const next = s + a;
    buffer.add({ observations: [s], actions: Float32Array.of(a), rewards: [-next * next], nextObservations: [next], terminated: [k % 2], truncated: [0] });
  }
  return buffer;
}

const best = (s: number) => Math.min(Math.max(-s, -0.5), 0.5);

describe("nfqca", () => {
  test("learns the best push from a batch, without an environment", async () => {
    const reports: NfqcaReport[] = [];
    const policy = await nfqca({
      transitions: pushes(400),
      gamma: 0.9,
      hiddenWidths: [16],
      iterations: 30,
      policyEpochs: 3,
      minibatchSize: 50,
      learningRate: 0.01,
      onIteration: (report) => {
        reports.push(report);
      },
    });
    expect(reports.map(({ iteration }) => iteration)).toEqual(Array.from({ length: 30 }, (_, k) => k + 1));
    expect(reports.at(-1)!.criticLoss).toBeLessThan(0.05);
    for (const s of [-0.9, -0.3, 0.2, 0.8]) expect(Math.abs(policy.act([s])[0] - best(s))).toBeLessThan(0.15);
  });

  test("refuses what it cannot learn from", async () => {
    const empty = new ReplayBuffer({ count: 1, observationSpace: box({ low: -2, high: 2, shape: [1] }), actionSpace: box({ low: -1, high: 1 }) }, { capacity: 9 });
    await expect(nfqca({ transitions: empty })).rejects.toThrow("transitions: expected at least one transition, got an empty buffer");
    await expect(nfqca({ transitions: pushes(4), iterations: 0 })).rejects.toThrow(OptionError);
    await expect(nfqca({ transitions: pushes(4), epochs: 3 } as never)).rejects.toThrow("epochs");
    const choices = new ReplayBuffer({ count: 1, observationSpace: box({ low: -2, high: 2, shape: [1] }), actionSpace: discrete(2) }, { capacity: 9 });
    await expect(nfqca({ transitions: choices as never })).rejects.toThrow('got "offline" with a discrete space');
  });
});

describe("amortizedFittedQ", () => {
  test("learns a policy from the maximisers of a part of the base points", async () => {
    const { policy, act, iterations, converged } = await amortizedFittedQ({
      transitions: pushes(400),
      fit: networkRegression({ hiddenWidths: [16], epochs: 15, learningRate: 0.01 }),
      maximize: gradientAscent({ starts: 1, steps: 15 }),
      gamma: 0.9,
      maxIterations: 8,
      tolerance: 1e-6,
      hiddenWidths: [16],
      subset: 60,
      window: 3,
      policyEpochs: 40,
      policyLearningRate: 0.01,
    });
    expect([iterations, converged]).toEqual([8, false]);
    for (const s of [-0.9, -0.3, 0.2, 0.8]) {
      expect(Math.abs(policy.act([s])[0] - best(s))).toBeLessThan(0.2);
      expect(act([s])[0]).toBeCloseTo(policy.act([s])[0], 4);
    }
  });

  test("refuses options that are none", async () => {
    const options = { transitions: pushes(4), fit: networkRegression(), maximize: gradientAscent() };
    await expect(amortizedFittedQ({ ...options, window: 0 })).rejects.toThrow("window");
    await expect(amortizedFittedQ({ ...options, subset: 0.5 })).rejects.toThrow(OptionError);
  });
});

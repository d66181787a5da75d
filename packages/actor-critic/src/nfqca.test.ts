import { NumericalError, OptionError, Random } from "@uphill/core-math";
import { box, discrete } from "@uphill/envs";
import { ReplayBuffer } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { amortizedFittedQ, gradientAscent, networkRegression, nfqca } from "./index.js";
import type { Maximizer, NfqcaReport, Regression } from "./index.js";

/**
 * One number s in ±1 and a push a in ±½: s′ = s + a, the reward is −s′², and after two steps it is over. Best is a = −s, as
 * far as it goes. `unit` is that of s and of the reward.
 */
function pushes(count: number, unit = 1) {
  const actionSpace = box({ low: -0.5, high: 0.5, shape: [1] });
  const buffer = new ReplayBuffer({ count: 1, observationSpace: box({ low: -2, high: 2, shape: [1] }), actionSpace }, { capacity: count });
  const random = new Random(6);
  for (let k = 0; k < count; k++) {
    const [s, a] = [random.uniform(-1, 1), random.uniform(-0.5, 0.5)];
    const next = s + a;
    buffer.add({ observations: [s * unit], actions: Float32Array.of(a), rewards: [-next * next * unit], nextObservations: [next * unit], terminated: [k % 2], truncated: [0] });
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
      hiddenWidths: [32, 32],
      iterations: 20,
      minibatchSize: 50,
      learningRate: { linear: [0.01, 0] },
      onIteration: (report) => {
        reports.push(report);
      },
    });
    expect(reports.map(({ iteration }) => iteration)).toEqual(Array.from({ length: 20 }, (_, k) => k + 1));
    expect(reports.at(-1)!.criticLoss).toBeLessThan(0.01);
    expect(reports.at(-1)!.policy).toBe(policy);
    for (const s of [-0.9, -0.3, 0.2, 0.8]) expect(Math.abs(policy.act([s])[0] - best(s))).toBeLessThan(0.1);
  });

  test("learns the same from rewards and observations in other units", async () => {
    const found = await Promise.all(
      [1, 1000].map(async (unit) => {
        const options = { gamma: 0.9, hiddenWidths: [16], iterations: 20, minibatchSize: 50, learningRate: { linear: [0.01, 0] } } as const;
        const policy = await nfqca({ transitions: pushes(300, unit), ...options });
        return policy.act([-0.3 * unit])[0];
      }),
    );
    expect(found[1]).toBeCloseTo(found[0], 2);
  });

  test("counts what follows at γ, also after a truncated step, and nothing after a terminated one", async () => {
    // −1 leads to 1 for nothing, and 1 to the end for 1: they are worth ½ and 1, whatever is done.
    const space = box({ low: -1, high: 1, shape: [1] });
    const transitions = new ReplayBuffer({ count: 1, observationSpace: space, actionSpace: space }, { capacity: 40 });
    for (let k = 0; k < 40; k++) {
      const [s, last] = k % 2 === 0 ? [-1, 0] : [1, 1];
      transitions.add({ observations: [s], actions: Float32Array.of(k / 20 - 1), rewards: [last], nextObservations: [1], terminated: [last], truncated: [1 - last] });
    }
    let meanQ = NaN;
    await nfqca({ transitions, gamma: 0.5, hiddenWidths: [8], iterations: 10, minibatchSize: 20, learningRate: { linear: [0.05, 0] }, onIteration: (report) => { meanQ = report.meanQ; } });
    expect(meanQ).toBeCloseTo(0.75, 2);
  });

  test("refuses what it cannot learn from", async () => {
    const empty = new ReplayBuffer({ count: 1, observationSpace: box({ low: -2, high: 2, shape: [1] }), actionSpace: box({ low: -1, high: 1 }) }, { capacity: 9 });
    await expect(nfqca({ transitions: empty })).rejects.toThrow("transitions: expected at least one transition, got an empty buffer");
    await expect(nfqca({ transitions: pushes(4), iterations: 0 })).rejects.toThrow(OptionError);
    await expect(nfqca({ transitions: pushes(4), epochs: 3 } as never)).rejects.toThrow("epochs");
    const choices = new ReplayBuffer({ count: 1, observationSpace: box({ low: -2, high: 2, shape: [1] }), actionSpace: discrete(2) }, { capacity: 9 });
    choices.add({ observations: [0], actions: Int32Array.of(1), rewards: [0], nextObservations: [0], terminated: [1], truncated: [0] });
    await expect(nfqca({ transitions: choices as never })).rejects.toThrow("transitions: expected ones whose actions are numbers within finite bounds (a box), got a discrete space");
    await expect(nfqca({ transitions: [] as never })).rejects.toThrow("transitions: expected an object with a method gather, got []");
    await expect(nfqca({ transitions: pushes(4), signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });

  test("values that grow out of float32 are named with the iteration", async () => {
    const diverging = nfqca({ transitions: pushes(40, 1.4e38), gamma: 1, hiddenWidths: [4], iterations: 20 });
    await expect(diverging).rejects.toThrow(NumericalError);
    await expect(diverging).rejects.toThrow(/^nfqca: expected a finite target, got -?Infinity at base point \d+ in iteration \d+$/u);
  });
});

describe("amortizedFittedQ", () => {
  test("learns a policy from the maximisers of a part of the base points", async () => {
    const climb = gradientAscent({ starts: 1, steps: 15 });
    const searched: number[] = [];
    let farthest = 0;
    const maximize: Maximizer = {
      maximize: (q, states, code) => {
        searched.push(states.count);
        farthest = Math.max(farthest, ...states.observations.map(Math.abs));
        return climb.maximize(q, states, code);
      },
    };
    const { policy, act, iterations, converged } = await amortizedFittedQ({
      transitions: pushes(400),
      fit: networkRegression({ hiddenWidths: [16], epochs: 15, learningRate: 0.01 }),
      maximize,
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
    expect(searched).toEqual(Array.from({ length: 8 }, () => 60));
    // Base points themselves, and not what they lead to, which is as far as 1.5.
    expect(farthest).toBeLessThanOrEqual(1);
    for (const s of [-0.9, -0.3, 0.2, 0.8]) {
      expect(Math.abs(policy.act([s])[0] - best(s))).toBeLessThan(0.15);
      expect(act([s])[0]).toBeCloseTo(policy.act([s])[0], 4);
    }
  });

  test("fits the policy to the maximisers of the last K iterations, whose value is the next target", async () => {
    // Q = 10 × code + the number of the iteration, and maximisers that are another action in each.
    const targets: number[] = [];
    const fit: Regression = {
      fit: (_, wanted) => {
        const fits = targets.push(wanted[0]);
        return { predict: (rows) => Float64Array.from({ length: rows.length / 2 }, (__, n) => 10 * rows[2 * n + 1] + fits) };
      },
    };
    const wanted = [-0.8, 0.6, 0.2, -0.4];
    let iteration = 0;
    const maximize: Maximizer = {
      maximize: (_, { count }) => ({ values: new Float64Array(count), codes: new Float32Array(count).fill(wanted[iteration++]) }),
    };
    const space = box({ low: -1, high: 1, shape: [1] });
    const transitions = new ReplayBuffer({ count: 1, observationSpace: space, actionSpace: space }, { capacity: 1 });
    transitions.add({ observations: [0.5], actions: Float32Array.of(0), rewards: [1], nextObservations: [0.5], terminated: [0], truncated: [1] });
    const played: number[] = [];
    await amortizedFittedQ({
      transitions,
      fit,
      maximize,
      gamma: 0.5,
      maxIterations: 4,
      window: 2,
      policyEpochs: 300,
      policyLearningRate: 0.05,
      hiddenWidths: [],
      onIteration: ({ act }) => {
        played.push(act([0.5])[0]);
      },
    });
    const means = [-0.8, -0.1, 0.4, -0.1];
    means.forEach((mean, k) => expect(played[k]).toBeCloseTo(mean, 2));
    expect(targets[0]).toBe(1);
    means.slice(0, 3).forEach((mean, k) => expect(targets[k + 1]).toBeCloseTo(1 + 0.5 * (10 * mean + k + 1), 1));
  });

  test("hears of an abort while the policy is fitted", async () => {
    const stopping = new AbortController();
    setImmediate(() => stopping.abort(new Error("enough")));
    const fit = networkRegression({ epochs: 1 });
    let iterations = 0;
    const long = amortizedFittedQ({
      transitions: pushes(40),
      fit,
      maximize: gradientAscent(),
      policyEpochs: 20_000,
      signal: stopping.signal,
      onIteration: () => void iterations++,
    });
    await expect(long).rejects.toThrow("enough");
    expect(iterations).toBe(0);
  });

  test("refuses options that are none", async () => {
    const options = { transitions: pushes(4), fit: networkRegression(), maximize: gradientAscent() };
    await expect(amortizedFittedQ({ ...options, window: 0 })).rejects.toThrow("window");
    // Before anything is learned, and not where the policy is made of it.
    const onIteration = () => expect.unreachable();
    await expect(amortizedFittedQ({ ...options, onIteration, environmentId: "" })).rejects.toThrow("environmentId: expected a non-empty string");
    const choices = new ReplayBuffer({ count: 1, observationSpace: box({ low: -2, high: 2, shape: [1] }), actionSpace: discrete(2) }, { capacity: 9 });
    await expect(amortizedFittedQ({ ...options, transitions: choices as never })).rejects.toThrow("transitions: expected ones whose actions are numbers within finite bounds (a box), got a discrete space");
    await expect(amortizedFittedQ({ ...options, subset: 0.5 })).rejects.toThrow(OptionError);
    await expect(amortizedFittedQ({ ...options, maximize: {} as never })).rejects.toThrow("maximize: expected an object with a method maximize");
  });
});

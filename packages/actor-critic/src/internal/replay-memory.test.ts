import { Random } from "@uphill/core-math";
import { box } from "@uphill/envs";
import { ReplayBuffer, resolveOptions } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { offPolicyOptions } from "./off-policy-options.js";
import type { OffPolicyOptions } from "./off-policy-options.js";
import { ReplayMemory } from "./replay-memory.js";

/** Four transitions, told apart by their rewards. */
function memoryOf(settings: Partial<OffPolicyOptions>) {
  const space = box({ low: -1, high: 1 });
  const buffer = new ReplayBuffer({ count: 1, observationSpace: space, actionSpace: space }, { capacity: 4 });
  for (let k = 0; k < 4; k++) {
    buffer.add({ observations: [k], actions: Float32Array.of(0), rewards: [k], nextObservations: [k], terminated: [0], truncated: [0] });
  }
  return new ReplayMemory(buffer, resolveOptions(offPolicyOptions, { batchSize: 2, ...settings }), new Random(1));
}

/** How often each transition is drawn, as a part of all draws. */
function drawn(memory: ReturnType<typeof memoryOf>, batches = 2000): number[] {
  const counts = [0, 0, 0, 0];
  for (let k = 0; k < batches; k++) for (const reward of memory.sample(0).rewards) counts[reward]++;
  return counts.map((count) => count / (2 * batches));
}

/** Tells the error 1 + k of transition k, for all of them. */
function tellErrors(memory: ReturnType<typeof memoryOf>): void {
  for (let k = 0; k < 50; k++) memory.setErrors([...memory.sample(0).rewards].map((reward) => (-1) ** k * (1 + reward)));
}

describe("draws", () => {
  test("alike by default, whatever the errors were, with weights of 1", () => {
    const memory = memoryOf({});
    tellErrors(memory);
    for (const part of drawn(memory)) expect(part).toBeCloseTo(1 / 4, 1);
    expect([...memory.sample(0.5).weights]).toEqual([1, 1]);
  });

  test("by the size of their errors where priorities count", () => {
    const memory = memoryOf({ priorityExponent: 1 });
    tellErrors(memory);
    drawn(memory).forEach((part, k) => expect(Math.abs(part - (1 + k) / 10)).toBeLessThan(0.03));
  });

  test("with weights that undo it, in full by the end of the budget", () => {
    const memory = memoryOf({ priorityExponent: 1 });
    tellErrors(memory);
    for (const [progress, beta] of [[0, 0.4], [0.5, 0.7], [1 - 1e-12, 1]]) {
      const { rewards, weights } = memory.sample(progress);
      expect(weights[0] / weights[1]).toBeCloseTo(((1 + rewards[1]) / (1 + rewards[0])) ** beta, 4);
    }
  });
});

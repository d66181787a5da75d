import { FormatError, OptionError, Random, ShapeError, StateError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recorded, streams, transitionsOf } from "../../test/transitions.js";
import { PrioritizedSampler } from "./prioritized-sampler.js";
import { ReplayBuffer } from "./replay-buffer.js";

function bufferOf(count: number, capacity = count) {
  const buffer = new ReplayBuffer(recorded(1), { capacity });
  for (let k = 0; k < count; k++) add(buffer, k);
  return buffer;
}

function add(buffer: ReplayBuffer<ReturnType<typeof recorded>["actionSpace"]>, k: number): void {
  buffer.add({ observations: [k, 0], actions: Float32Array.of(0), rewards: [k], nextObservations: [k + 1, 0], terminated: [0], truncated: [0] });
}

describe("PrioritizedSampler", () => {
  it("draws by the size of the errors, and weights against it", () => {
    const sampler = new PrioritizedSampler(bufferOf(4), { batchSize: 4, gamma: 1, exponent: 1 });
    const random = new Random(1);
    // Equal priorities: each part of the sum is one transition, and all weights are 1.
    expect([...sampler.sample(random, 1).rows]).toEqual([0, 1, 2, 3]);
    sampler.setErrors([1, -2, 3, 4]);
    const counts = [0, 0, 0, 0];
    for (let k = 0; k < 5000; k++) {
      const { rows, weights } = sampler.sample(random, 1);
      rows.forEach((row, b) => {
        counts[row]++;
        expect(weights[b]).toBeCloseTo((Math.min(...rows) + 1) / (row + 1), 4);
      });
    }
    counts.forEach((count, row) => expect(count / 20_000).toBeCloseTo((row + 1) / 10, 1));
  });

  it("gives new transitions the largest priority, and forgets those that are gone", () => {
    const buffer = bufferOf(4, 4);
    const sampler = new PrioritizedSampler(buffer, { batchSize: 2, gamma: 1, exponent: 1 });
    const random = new Random(2);
    sampler.sample(random, 0);
    sampler.setErrors([9, 9]);
    for (let k = 4; k < 8; k++) add(buffer, k);
    for (let k = 0; k < 100; k++) {
      for (const row of sampler.sample(random, 0.5).rows) expect(row).toBeGreaterThanOrEqual(4);
    }
    expect(sampler.capture().tensors["priorities"].data).toEqual(Float64Array.from({ length: 4 }, () => 9 + 1e-6));
  });

  it("is restored exactly beside its buffer", () => {
    fc.assert(
      fc.property(streams(2, 20), fc.integer({ min: 4, max: 30 }), fc.nat({ max: 1000 }), (steps, capacity, seed) => {
        const make = () => new ReplayBuffer(recorded(2), { capacity });
        const options = { batchSize: 2, gamma: 0.9, steps: 2 };
        const [buffer, other] = [make(), make()];
        const sampler = new PrioritizedSampler(buffer, options);
        const random = new Random(seed);
        for (const step of steps) {
          buffer.add(transitionsOf(step));
          sampler.sample(random, 0.4);
          sampler.setErrors([random.random(), random.random()]);
        }
        other.restore(buffer.capture());
        const restored = new PrioritizedSampler(other, options);
        restored.restore(sampler.capture());
        for (let k = 0; k < 5; k++) {
          expect(restored.sample(new Random(k), 0.4)).toEqual(sampler.sample(new Random(k), 0.4));
        }
      }),
    );
  });

  it("refuses what it cannot use", () => {
    const buffer = bufferOf(2, 4);
    const sampler = new PrioritizedSampler(buffer, { batchSize: 3, gamma: 1 });
    expect(() => sampler.sample(new Random(1), 0.5)).toThrow(StateError);
    add(buffer, 2);
    expect(() => sampler.sample(new Random(1), 2)).toThrow(OptionError);
    sampler.sample(new Random(1), 0.5);
    expect(() => sampler.setErrors([1])).toThrow(ShapeError);
    expect(() => sampler.setErrors([1, NaN, 1])).toThrow("errors[1]: expected a finite number, got NaN");
    expect(() => new PrioritizedSampler(buffer, { batchSize: 1, gamma: 1, exponent: 2 })).toThrow("exponent");
    const { tensors } = sampler.capture();
    expect(() => sampler.restore({ tensors, state: -1 })).toThrow(FormatError);
    expect(() => sampler.restore({ tensors: {}, state: 1 })).toThrow("expected priorities as a Float64Array of length 3");
  });
});

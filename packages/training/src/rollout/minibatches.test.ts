import { OptionError, Random } from "@uphill/core-math";
import { box } from "@uphill/envs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Minibatches } from "./minibatches.js";
import { emptyRollout, type Rollout } from "./rollout.js";

const spaces = {
  observationSpace: box({ low: -Infinity, high: Infinity, shape: [3] }),
  actionSpace: box({ low: [-1, -1], high: [1, 1] }),
};

/** A rollout in which everything about step k is told by the number k. */
function numberedRollout(steps: number, environments: number): Rollout<(typeof spaces)["actionSpace"]> {
  const rollout = emptyRollout(steps, environments, 3, spaces.actionSpace);
  rollout.observations.forEach((_, i) => (rollout.observations[i] = i));
  rollout.actions.forEach((_, i) => (rollout.actions[i] = i + 0.5));
  for (let k = 0; k < steps * environments; k++) {
    rollout.logProbabilities[k] = k;
    rollout.values[k] = k + 0.25;
    rollout.advantages[k] = k + 0.5;
    rollout.returns[k] = k + 0.75;
  }
  return rollout;
}

const sizes = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 40 }));

describe("Minibatches", () => {
  it("goes through a rollout in shuffled parts", () => {
    const minibatches = new Minibatches({ count: 2, ...spaces }, 4);
    const parts = [...minibatches.epoch(numberedRollout(5, 2), new Random(1))].map(({ size }) => size);
    expect(parts).toEqual([4, 4, 2]);
  });

  it("has every step once an epoch, its parts kept together", () => {
    fc.assert(
      fc.property(sizes, fc.nat(), ([steps, count, size], seed) => {
        const minibatches = new Minibatches({ count, ...spaces }, size);
        const seen: number[] = [];
        for (const minibatch of minibatches.epoch(numberedRollout(steps, count), new Random(seed))) {
          minibatch.logProbabilities.forEach((k, row) => {
            seen.push(k);
            expect(minibatch.indices[row]).toBe(k);
            expect([...minibatch.observations.subarray(3 * row, 3 * row + 3)]).toEqual([3 * k, 3 * k + 1, 3 * k + 2]);
            expect([...minibatch.actions.subarray(2 * row, 2 * row + 2)]).toEqual([2 * k + 0.5, 2 * k + 1.5]);
            const rest = [minibatch.values[row], minibatch.advantages[row], minibatch.returns[row]];
            expect(rest).toEqual([k + 0.25, k + 0.5, k + 0.75]);
          });
          expect(minibatch.logProbabilities.length).toBe(minibatch.size);
        }
        expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: steps * count }, (_, k) => k));
      }),
    );
  });

  it("draws the order from the stream and from nothing else", () => {
    const minibatches = new Minibatches({ count: 2, ...spaces }, 5);
    const order = (random: Random, steps = 10) => {
      const seen: number[] = [];
      for (const { logProbabilities } of minibatches.epoch(numberedRollout(steps, 2), random))
        seen.push(...logProbabilities);
      return seen;
    };
    const random = new Random(3);
    const first = order(random);
    expect(order(random)).not.toEqual(first);
    order(random, 7);
    expect(order(new Random(3))).toEqual(first);
    expect(first).toEqual([...new Random(3).permutation(20)]);
  });

  it("writes the same arrays over", () => {
    const minibatches = new Minibatches({ count: 1, ...spaces }, 2);
    const [first, second, third] = minibatches.epoch(numberedRollout(5, 1), new Random(0));
    expect(second).toBe(first);
    expect(third.observations.buffer).toBe(first.observations.buffer);
  });

  it("refuses a size that is none", () => {
    expect(() => new Minibatches({ count: 1, ...spaces }, 0)).toThrow(
      new OptionError("size: expected an integer ≥ 1, got 0"),
    );
  });
});

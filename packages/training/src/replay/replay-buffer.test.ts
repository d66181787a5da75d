import { FormatError, NumericalError, OptionError, Random, ShapeError, StateError } from "@uphill/core-math";
import { cartPole, discrete, makeVectorEnvironment, pendulum } from "@uphill/envs";
import type { Box } from "@uphill/envs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heldBatch, recorded, streams, transitionsOf } from "../../test/transitions.js";
import type { PlainTransition } from "../../test/transitions.js";
import { ReplayBuffer } from "./replay-buffer.js";
import { UniformSampler } from "./uniform-sampler.js";

function filled(steps: readonly PlainTransition[][], capacity: number, spare = 0): ReplayBuffer<Box> {
  const buffer = new ReplayBuffer(recorded(steps[0].length), { capacity, spare });
  for (const step of steps) buffer.add(transitionsOf(step));
  return buffer;
}

/** The discounted rewards of n steps of a stream, by their definition. */
function nSteps(steps: readonly PlainTransition[][], t: number, i: number, gamma: number, n: number) {
  let [sum, discount] = [0, 1];
  for (let k = t; ; k++) {
    const { reward, next, terminated, truncated } = steps[k][i];
    sum += discount * reward;
    discount *= gamma;
    const goesOn = terminated + truncated === 0 && steps[k + 1]?.[i].observation === next;
    if (goesOn && k + 1 < t + n) continue;
    return { sum, discount: terminated === 1 ? 0 : discount, next };
  }
}

const someStreams = fc.integer({ min: 1, max: 3 }).chain((count) => streams(count, 30));

describe("ReplayBuffer", () => {
  it("records environments that reset themselves: a truncated episode is followed by its own last observation", () => {
    const environments = makeVectorEnvironment({ ...pendulum, maxEpisodeSteps: 3 }, 2);
    environments.reset({ seed: 1 });
    const buffer = new ReplayBuffer(environments, { capacity: 100 });
    const finals: number[][] = [];
    for (let t = 0; t < 7; t++) {
      const actions = Float32Array.of(0.5, -0.5);
      buffer.recordDecisions({ observations: environments.observations, actions });
      environments.step(actions);
      buffer.recordOutcomes(environments);
      if (environments.truncated[0] === 1) finals.push([...environments.finalObservations]);
    }
    const batch = heldBatch(buffer, { gamma: 0.9 });
    expect(finals).toHaveLength(2);
    expect([...batch.nextObservations.subarray(12, 18)]).toEqual(finals[0]);
    expect([...batch.nextObservations.subarray(30, 36)]).toEqual(finals[1]);
    expect([...batch.nextObservations.subarray(36)]).toEqual([...environments.observations]);
    expect([...batch.discounts]).toEqual(new Array(14).fill(Math.fround(0.9)));
    expect([...batch.actions.subarray(0, 4)]).toEqual([0.5, -0.5, 0.5, -0.5]);
  });

  it("gives every transition back as it went in, the oldest gone", () => {
    fc.assert(
      fc.property(someStreams, fc.integer({ min: 3, max: 40 }), fc.nat({ max: 9 }), (steps, capacity, spare) => {
        const buffer = filled(steps, capacity, spare);
        const held = steps.flat().slice(-buffer.capacity);
        const batch = heldBatch(buffer, { gamma: 0.5 });
        expect(batch.size).toBe(held.length);
        held.forEach((transition, k) => {
          expect([...batch.observations.subarray(2 * k, 2 * k + 2)]).toEqual(transition.observation);
          expect([...batch.nextObservations.subarray(2 * k, 2 * k + 2)]).toEqual(transition.next);
          expect([batch.actions[k], batch.rewards[k]]).toEqual([transition.action, transition.reward]);
          expect(batch.terminated[k]).toBe(transition.terminated);
          expect(batch.discounts[k]).toBe(transition.terminated === 1 ? 0 : 0.5);
        });
      }),
    );
  });

  it("sums the rewards of n steps, up to the end of the episode or of what it holds", () => {
    fc.assert(
      fc.property(someStreams, fc.integer({ min: 3, max: 40 }), fc.integer({ min: 1, max: 5 }), (steps, capacity, n) => {
        const buffer = filled(steps, capacity);
        const batch = heldBatch(buffer, { gamma: 0.9, steps: n });
        const count = steps[0].length;
        for (let k = 0; k < batch.size; k++) {
          const row = batch.rows[k];
          const expected = nSteps(steps, Math.floor(row / count), row % count, 0.9, n);
          expect(batch.rewards[k]).toBe(Math.fround(expected.sum));
          expect(batch.discounts[k]).toBe(Math.fround(expected.discount));
          expect([...batch.nextObservations.subarray(2 * k, 2 * k + 2)]).toEqual(expected.next);
        }
      }),
    );
  });

  it("is restored exactly, and samples and goes on the same", () => {
    fc.assert(
      fc.property(someStreams, fc.nat({ max: 29 }), fc.integer({ min: 3, max: 40 }), (steps, cut, capacity) => {
        const first = filled(steps.slice(0, cut + 1), capacity);
        const second = new ReplayBuffer(recorded(steps[0].length), { capacity });
        second.restore(structuredClone({ ...first.capture() }));
        const samples = (buffer: typeof first) =>
          [...new UniformSampler(buffer, { batchSize: 1, gamma: 0.9, steps: 3 }).sample(new Random(7)).observations];
        expect(samples(second)).toEqual(samples(first));
        for (const step of steps.slice(cut + 1)) for (const buffer of [first, second]) buffer.add(transitionsOf(step));
        expect(heldBatch(second, { gamma: 0.9, steps: 2 })).toEqual(heldBatch(first, { gamma: 0.9, steps: 2 }));
      }),
    );
  });

  it("keeps a snapshot readable for as many transitions as are spare, and goes back to it", () => {
    fc.assert(
      fc.property(someStreams, fc.nat({ max: 29 }), fc.integer({ min: 3, max: 40 }), (steps, cut, capacity) => {
        const before = steps.slice(0, cut + 1);
        const buffer = filled(before, capacity, steps.flat().length);
        const snapshot = buffer.capture();
        const expected = heldBatch(buffer, { gamma: 0.9 });
        const { tensors } = buffer.capture();
        for (const step of steps.slice(cut + 1)) buffer.add(transitionsOf(step));
        expect(snapshot.tensors).toEqual(tensors);
        buffer.restore(snapshot);
        expect(heldBatch(buffer, { gamma: 0.9 })).toEqual(expected);
      }),
    );
  });

  it("holds a million transitions of Pendulum in less than 40 MB", () => {
    const { observationSpace, actionSpace } = makeVectorEnvironment(pendulum, 1);
    const buffer = new ReplayBuffer({ count: 1, observationSpace, actionSpace }, { capacity: 1e6, spare: 1000 });
    expect(buffer.bytes + 4 * 5000 * 3 * 4).toBeLessThan(40e6);
  });

  it("holds discrete actions", () => {
    const environments = makeVectorEnvironment(cartPole, 1);
    environments.reset({ seed: 1 });
    const buffer = new ReplayBuffer(environments, { capacity: 10, keepsLogProbabilities: true });
    const actions = Int32Array.of(1);
    buffer.recordDecisions({ observations: environments.observations, actions, logProbabilities: [-0.25] });
    environments.step(actions);
    buffer.recordOutcomes(environments, [2.5]);
    const batch = buffer.emptyBatch(1);
    buffer.gather(batch, { gamma: 1 });
    expect([batch.actions[0], batch.logProbabilities[0], batch.rewards[0]]).toEqual([1, -0.25, 2.5]);
  });
});

describe("UniformSampler", () => {
  it("draws every transition as often", () => {
    const transition = { observation: [0, 0], action: 0, reward: 0, next: [1, 1], terminated: 0, truncated: 0 };
    const buffer = filled(Array.from({ length: 30 }, () => [transition]), 20);
    const sampler = new UniformSampler(buffer, { batchSize: 20, gamma: 0.9 });
    const counts = new Map<number, number>();
    const random = new Random(3);
    for (let k = 0; k < 1000; k++) for (const row of sampler.sample(random).rows) counts.set(row, (counts.get(row) ?? 0) + 1);
    expect(counts.size).toBe(20);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(200);
  });

  it("refuses a batch that is larger than what the buffer holds, or ever can", () => {
    const buffer = new ReplayBuffer(recorded(1), { capacity: 10 });
    expect(() => new UniformSampler(buffer, { batchSize: 11, gamma: 0.9 })).toThrow("batchSize: expected an integer in [1, 10], got 11");
    expect(() => new UniformSampler(buffer, { batchSize: 4, gamma: 0.9 }).sample(new Random(1))).toThrow(
      new StateError("sample: expected a buffer of at least 4 transitions, a batch, got one of 0"),
    );
  });
});

describe("ReplayBuffer refuses", () => {
  const step = (changes: object = {}) =>
    ({ observations: [0, 0], actions: Float32Array.of(0), rewards: [0], nextObservations: [1, 1], terminated: [0], truncated: [0], ...changes });

  it.each<[string, object, new () => Error, string]>([
    ["a short observation", { observations: [0] }, ShapeError, "observations: expected length 2"],
    ["a NaN reward", { rewards: [NaN] }, NumericalError, "rewards[0]: expected a finite number, got NaN"],
    ["an infinite next observation", { nextObservations: [0, Infinity] }, NumericalError, "nextObservations[1]"],
    ["no flags", { terminated: undefined }, OptionError, "terminated: expected an array"],
  ])("%s, and records nothing of it", (_, changes, type, message) => {
    const buffer = new ReplayBuffer(recorded(1), { capacity: 10 });
    buffer.add(step());
    expect(() => buffer.add(step(changes) as never)).toThrow(type);
    expect(() => buffer.add(step(changes) as never)).toThrow(message);
    buffer.add(step({ observations: [5, 5] }));
    expect([...heldBatch(buffer, { gamma: 1 }).nextObservations]).toEqual([1, 1, 1, 1]);
    expect(buffer.size).toBe(2);
  });

  it("sizes that are none, halves in the wrong order and rows that are not there", () => {
    expect(() => new ReplayBuffer(recorded(4), { capacity: 3 })).toThrow("capacity: expected an integer in [4,");
    const buffer = new ReplayBuffer(recorded(1), { capacity: 10 });
    expect(() => buffer.recordOutcomes({ ...step(), finalObservations: [] } as never)).toThrow(StateError);
    buffer.recordDecisions(step());
    expect(() => buffer.recordDecisions(step())).toThrow(StateError);
    const batch = buffer.emptyBatch(1);
    expect(() => buffer.gather(batch, { gamma: 1 })).toThrow("rows[0]: expected a row from 0 to -1, got 0");
    expect(() => buffer.gather(batch, { gamma: 2 })).toThrow("gamma: expected a finite number in [0, 1], got 2");
  });

  it("snapshots that are damaged, of others, or older than what is spare", () => {
    const buffer = new ReplayBuffer(recorded(1), { capacity: 4, spare: 1 });
    for (let k = 0; k < 4; k++) buffer.add(step());
    const late = buffer.capture();
    const saved = { ...buffer.capture() };
    buffer.add(step());
    expect(late.tensors["rewards"].shape).toEqual([4, 1]);
    buffer.add(step());
    expect(() => late.tensors).toThrow(StateError);

    const refused = (snapshot: object, message: string) => {
      const other = new ReplayBuffer(recorded(1), { capacity: 4 });
      expect(() => other.restore(snapshot as never)).toThrow(FormatError);
      expect(() => other.restore(snapshot as never)).toThrow(message);
      expect(other.size).toBe(0);
    };
    const { tensors } = saved;
    refused({ tensors, state: null }, "replay: expected an object, got null");
    refused({ tensors, state: { environments: 2, first: 0, end: 4 } }, "expected whole steps of 1 environments, got those of 2");
    refused({ tensors, state: { environments: 1, first: 0, end: 5 } }, "expected at most 4 transitions, got 5");
    const { rewards: _, ...others } = tensors;
    refused({ tensors: others, state: saved.state }, "expected rewards as a Float32Array of length 4, got undefined");
    refused({ tensors: { ...tensors, rewards: { shape: [4], data: Float32Array.of(0, NaN, 0, 0) } }, state: saved.state }, "finite");
    refused({ tensors: { ...tensors, keptRows: { shape: [3], data: Float64Array.of(0, 1, 3) } }, state: saved.state }, "keptRows");
  });

  it("is made for a space of choices too", () => {
    const buffer = new ReplayBuffer({ ...recorded(1), actionSpace: discrete(3) }, { capacity: 10 });
    expect(() => buffer.recordDecisions({ observations: [0, 0], actions: new Int32Array(2) })).toThrow(ShapeError);
  });
});

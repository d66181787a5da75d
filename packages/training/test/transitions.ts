import { box } from "@uphill/envs";
import fc from "fast-check";
import type { ReplayBatch, ReplayBuffer, Transitions } from "../src/index.js";

/** What buffers of these tests are made for. */
export const recorded = (count: number) => ({
  count,
  observationSpace: box({ low: -100, high: 100, shape: [2] }),
  actionSpace: box({ low: -100, high: 100 }),
});

/** One transition, as a list can hold it. */
export interface PlainTransition {
  readonly observation: readonly number[];
  readonly action: number;
  readonly reward: number;
  readonly next: readonly number[];
  readonly terminated: number;
  readonly truncated: number;
}

/** How a transition ends: how often as none, and with the stream broken off, or not. */
const ending = fc.constantFrom("goes on", "goes on", "goes on", "goes on", "terminates", "is truncated", "breaks off", "both");

/** Steps of `count` environments in which observations are numbered, so that no two are alike but those that follow. */
export function streams(count: number, most: number): fc.Arbitrary<PlainTransition[][]> {
  return fc.array(fc.array(ending, { minLength: count, maxLength: count }), { minLength: 1, maxLength: most }).map((steps) => {
    let number = 0;
    const current = Array.from({ length: count }, () => [number++, 0.5]);
    return steps.map((endings) =>
      endings.map((end, i) => {
        const observation = current[i];
        const next = [number++, 0.5];
        current[i] = end === "goes on" ? next : [number++, -0.5];
        return {
          observation,
          action: Math.fround(number / 7),
          reward: Math.fround(number / 3),
          next,
          terminated: Number(end === "terminates" || end === "both"),
          truncated: Number(end === "is truncated" || end === "both"),
        };
      }),
    );
  });
}

/** A step as a buffer takes it. */
export function transitionsOf(step: readonly PlainTransition[]): Transitions<ReturnType<typeof box>> {
  return {
    observations: step.flatMap(({ observation }) => observation),
    actions: Float32Array.from(step, ({ action }) => action),
    rewards: step.map(({ reward }) => reward),
    nextObservations: step.flatMap(({ next }) => next),
    terminated: step.map(({ terminated }) => terminated),
    truncated: step.map(({ truncated }) => truncated),
  };
}

/** The rows that a buffer holds, from the oldest to the newest. */
export function heldBatch(buffer: ReplayBuffer<ReturnType<typeof box>>, options: { gamma: number; steps?: number }): ReplayBatch {
  const batch = buffer.emptyBatch(buffer.size);
  for (let k = 0; k < buffer.size; k++) batch.rows[k] = buffer.first + k;
  buffer.gather(batch, options);
  return batch;
}

import type { Space } from "@uphill/envs";
import type { KeptObservations } from "./kept-observations.js";
import { APART, TERMINATED } from "./replay-rows.js";
import type { ReplayRows } from "./replay-rows.js";
import type { ReplayBatch } from "./transitions.js";

/** A replay buffer's memory. */
export interface Ring<A extends Space> {
  /** N. */
  readonly environments: number;
  readonly observationSize: number;
  readonly rows: ReplayRows<A>;
  readonly kept: KeptObservations;
  /** s′ of the last N rows. */
  readonly latest: Float32Array;
  /** The row after the newest. */
  end: number;
}

/** Copies what a transition starts from. */
export function gatherStart<A extends Space>({ rows, observationSize: size }: Ring<A>, row: number, batch: ReplayBatch<A>, b: number): void {
  const place = row % rows.places;
  const width = batch.actions.length / batch.size;
  for (let k = 0; k < size; k++) batch.observations[b * size + k] = rows.observations[place * size + k];
  for (let k = 0; k < width; k++) batch.actions[b * width + k] = rows.actions[place * width + k];
  if (rows.logProbabilities.length > 0) batch.logProbabilities[b] = rows.logProbabilities[place];
}

/** Sums a transition's rewards over at most `steps` steps, and copies what they lead to. */
export function gatherEnd<A extends Space>(
  ring: Ring<A>,
  row: number,
  batch: ReplayBatch<A>,
  b: number,
  gamma: number,
  steps: number,
): void {
  const { places, rewards, flags } = ring.rows;
  let last = row;
  let sum = rewards[row % places];
  let discount = gamma;
  for (let k = 1; k < steps && flags[last % places] === 0 && last + ring.environments < ring.end; k++) {
    last += ring.environments;
    sum += discount * rewards[last % places];
    discount *= gamma;
  }
  const ending = flags[last % places];
  batch.rewards[b] = sum;
  batch.terminated[b] = ending & TERMINATED;
  batch.truncated[b] = batch.terminated[b] === 0 && ending !== 0 ? 1 : 0;
  batch.discounts[b] = batch.terminated[b] === 0 ? discount : 0;
  if ((ending & APART) === 0) copyFollowing(ring, last, batch.nextObservations, b);
  else ring.kept.copy(last, batch.nextObservations, b * ring.observationSize);
}

/** Copies the observation that followed a row in its own episode, where it is not kept apart. */
function copyFollowing<A extends Space>(ring: Ring<A>, row: number, target: Float32Array, b: number): void {
  const { environments, observationSize: size, rows, latest, end } = ring;
  const following = row + environments;
  const newest = following >= end;
  const source = newest ? latest : rows.observations;
  const start = newest ? row % environments : following % rows.places;
  for (let k = 0; k < size; k++) target[b * size + k] = source[start * size + k];
}

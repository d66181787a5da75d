import { NumericalError, OptionError } from "@uphill/core-math";
import type { Space } from "@uphill/envs";
import type { ReplayBatch, ReplayBuffer } from "@uphill/training";
import type { ActionCode } from "./action-code.js";
import type { States } from "./maximizer.js";

/** All transitions of a buffer, as fitted functions take them. */
export interface BasePoints {
  readonly batch: ReplayBatch;
  /** s, [n, observation size]. */
  readonly states: States;
  /** s′. */
  readonly nextStates: States;
  /** Rows (s, code of a), [n, width]. */
  readonly rows: Float32Array;
  readonly width: number;
}

/** @throws OptionError where the buffer is empty. */
export function basePoints<A extends Space>(buffer: ReplayBuffer<A>, code: ActionCode<A>, gamma: number): BasePoints {
  if (buffer.size === 0) throw new OptionError("transitions: expected at least one transition, got an empty buffer");
  const batch = buffer.emptyBatch(buffer.size);
  for (let k = 0; k < batch.size; k++) batch.rows[k] = buffer.first + k;
  buffer.gather(batch, { gamma });
  const { observationSize } = buffer;
  const codes = code.encode(batch.actions);
  const width = observationSize + code.size;
  const rows = new Float32Array(batch.size * width);
  for (let n = 0; n < batch.size; n++) {
    rows.set(batch.observations.subarray(n * observationSize, (n + 1) * observationSize), n * width);
    rows.set(codes.subarray(n * code.size, (n + 1) * code.size), n * width + observationSize);
  }
  const of = (observations: Float32Array): States => ({ observations, count: batch.size, observationSize });
  return { batch, states: of(batch.observations), nextStates: of(batch.nextObservations), rows, width };
}

/**
 * Numbers of the base points, as a copy.
 *
 * @param what - What they are, such as `target`.
 * @throws NumericalError where one is not finite, naming the base point and the iteration: Q has diverged.
 */
export function requireFinite(algorithm: string, what: string, values: ArrayLike<number>, iteration: number): Float64Array {
  const copy = new Float64Array(values);
  for (let n = 0; n < copy.length; n++) {
    if (Number.isFinite(copy[n])) continue;
    throw new NumericalError(`${algorithm}: expected a finite ${what}, got ${copy[n]} at base point ${n} in iteration ${iteration}`);
  }
  return copy;
}

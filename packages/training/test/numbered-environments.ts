import { box, discrete } from "@uphill/envs";
import type { Outcomes, RecordedEnvironments } from "../src/rollout/rollout-buffer.js";

/** How an environment's step ends: neither, terminated, truncated, both. */
export type End = 0 | 1 | 2 | 3;

/**
 * Environments whose every observation is the next whole number, with itself negated as second element, so that a value
 * can be traced to the observation that it is of.
 */
export class NumberedEnvironments implements RecordedEnvironments, Outcomes {
  readonly observationSpace = box({ low: -Infinity, high: Infinity, shape: [2] });
  readonly actionSpace = discrete(100);
  readonly count: number;
  readonly observations: Float32Array;
  readonly finalObservations: Float32Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  #next = 1;

  constructor(count: number) {
    this.count = count;
    this.observations = new Float32Array(2 * count);
    this.finalObservations = new Float32Array(2 * count).fill(NaN);
    this.rewards = new Float64Array(count);
    this.terminated = new Uint8Array(count);
    this.truncated = new Uint8Array(count);
    for (let i = 0; i < count; i++) this.#show(this.observations, i);
  }

  /** Advances every environment; row i ends as `ends[i]` says. */
  step(ends: readonly End[]): void {
    this.finalObservations.fill(NaN);
    for (let i = 0; i < this.count; i++) {
      const end = ends[i];
      this.rewards[i] = this.#next / 8;
      this.terminated[i] = end & 1;
      this.truncated[i] = end >> 1;
      if (end !== 0) this.#show(this.finalObservations, i);
      this.#show(this.observations, i);
    }
  }

  #show(rows: Float32Array, i: number): void {
    rows[2 * i] = this.#next;
    rows[2 * i + 1] = -this.#next;
    this.#next++;
  }
}

/** The value of each observation, traceable to it: a thousand more than its number. */
export function valuesOf(observations: Float32Array): Float64Array {
  return Float64Array.from({ length: observations.length / 2 }, (_, row) => 1000 + observations[2 * row]);
}

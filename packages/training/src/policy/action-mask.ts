import type { Tensor } from "@uphill/autodiff";
import { expectation, OptionError } from "@uphill/core-math";
import { box } from "@uphill/envs";
import type { Box, Space } from "@uphill/envs";
import { requireObservation } from "../internal/require-observation.js";

/**
 * Observations that end with the mask of the actions that are allowed there, as `actionMask` of `@uphill/envs` shows it:
 * 1 for each of n actions that is allowed, 0 for the others. So the mask goes wherever the observation goes: into
 * rollouts, to the update, to `policy.act` and into an exported file.
 */
export class ActionMask {
  /** What precedes the mask, as a space of its own. */
  readonly seenSpace: Box;
  readonly #size: number;
  readonly #n: number;

  /**
   * @param observationSpace - Of observations that end with the mask.
   * @param actionSpace - A discrete space of n actions.
   * @throws OptionError for a box of actions, for observations too short for a mask and something before it, or whose last
   *   n numbers are not between 0 and 1.
   */
  constructor(observationSpace: Box, actionSpace: Space) {
    if (actionSpace.kind !== "discrete") {
      throw new OptionError(`maskActions: expected a discrete action space, got a ${actionSpace.kind}`);
    }
    const { size, low, high } = observationSpace;
    const { n } = actionSpace;
    if (size <= n) {
      throw new OptionError(`maskActions: expected observations that end with a mask of ${n} actions, got ${size} numbers`);
    }
    const wrong = high.findIndex((most, i) => i >= size - n && (low[i] !== 0 || most !== 1));
    if (wrong >= 0) {
      const range = `[${low[wrong]}, ${high[wrong]}]`;
      throw new OptionError(
        `maskActions: expected observations that end with a mask of ${n} actions, each 0 or 1, got number ${wrong} in ${range}`,
      );
    }
    this.seenSpace = box({ low: low.subarray(0, size - n), high: high.subarray(0, size - n) });
    this.#size = size;
    this.#n = n;
  }

  /**
   * What precedes the mask: what networks see.
   *
   * @param observation - float32 `["batch", observation size]`.
   * @returns float32 `["batch", observation size − n]`.
   */
  seen(observation: Tensor): Tensor {
    return requireObservation(observation, this.#size).slice(-1, 0, this.#size - this.#n);
  }

  /**
   * The mask.
   *
   * @param observation - float32 `["batch", observation size]`.
   * @returns int32 `["batch", n]`, 0 or 1. No gradients.
   */
  mask(observation: Tensor): Tensor {
    return requireObservation(observation, this.#size).slice(-1, this.#size - this.#n, this.#size).greater(0);
  }

  /** {@link seen} of `[rows, observation size]` numbers, as a copy. */
  seenRows(observations: Float32Array): Float32Array {
    const width = this.seenSpace.size;
    const rows = observations.length / this.#size;
    const seen = new Float32Array(rows * width);
    for (let row = 0; row < rows; row++) {
      const start = row * this.#size;
      seen.set(observations.subarray(start, start + width), row * width);
    }
    return seen;
  }

  /**
   * Checks that something is allowed wherever an action is to be chosen.
   *
   * @param id - The environment's name, for errors.
   * @param observations - `[N, observation size]`.
   * @throws OptionError, naming environment and index, for a mask that allows nothing, or is not of zeros and ones.
   */
  requireAllowed(id: string, observations: ArrayLike<number>): void {
    const [size, n] = [this.#size, this.#n];
    for (let end = size, index = 0; end <= observations.length; end += size, index++) {
      let allowed = 0;
      for (let i = end - n; i < end; i++) {
        if (observations[i] === 1) allowed++;
        else if (observations[i] !== 0) throw new OptionError(expectation(nameOf(id, index), "zeros and ones", observations[i]));
      }
      if (allowed === 0) throw new OptionError(`${nameOf(id, index)}: expected at least one allowed action, got none`);
    }
  }
}

function nameOf(id: string, index: number): string {
  return `action mask of ${id}, environment ${index}`;
}

import { type Random, requireInteger } from "@uphill/core-math";
import { emptyActions } from "@uphill/envs";
import type { ActionsOf, Space } from "@uphill/envs";
import type { Rollout } from "./rollout.js";
import type { RecordedEnvironments } from "./rollout-buffer.js";

/**
 * B of a rollout's steps, in float32 as programs take them.
 *
 * @typeParam A - The action space.
 */
export interface Minibatch<A extends Space = Space> {
  /** B. */
  readonly size: number;
  /** `[B]`: which of the rollout's steps each is, to gather from arrays of the caller's own. */
  readonly indices: Int32Array;
  /** `[B, observation size]`. */
  readonly observations: Float32Array;
  /** Float32 `[B, size]` for a box, int32 for choices. */
  readonly actions: ActionsOf<A>;
  /** `[B]`: log π(a | s) of the policy that acted, in nats. */
  readonly logProbabilities: Float32Array;
  /** `[B]`: V(s) of then. */
  readonly values: Float32Array;
  /** `[B]`. */
  readonly advantages: Float32Array;
  /** `[B]`. */
  readonly returns: Float32Array;
}

/**
 * Goes through rollouts in shuffled minibatches. Their arrays are allocated once and written over.
 *
 * @typeParam A - The action space.
 */
export class Minibatches<A extends Space = Space> {
  /** B: how many steps a minibatch has; the last of an epoch has fewer where B does not divide their number. */
  readonly size: number;
  readonly #observationSize: number;
  readonly #actionSize: number;
  readonly #full: Minibatch<A>;
  #last: Minibatch<A>;
  #indices = new Int32Array(0);

  /**
   * @param environments - The vector environment that the rollouts are of.
   * @param size - B, at least 1.
   * @throws OptionError where `size` is no positive integer.
   */
  constructor(environments: RecordedEnvironments<A>, size: number) {
    this.size = requireInteger("size", size, { least: 1 });
    const { observationSpace, actionSpace } = environments;
    this.#observationSize = observationSpace.size;
    this.#actionSize = actionSpace.size;
    this.#full = {
      size,
      indices: new Int32Array(size),
      observations: new Float32Array(size * this.#observationSize),
      actions: emptyActions(actionSpace, size),
      logProbabilities: new Float32Array(size),
      values: new Float32Array(size),
      advantages: new Float32Array(size),
      returns: new Float32Array(size),
    };
    this.#last = this.#full;
  }

  /**
   * Every step of a rollout exactly once, in an order drawn from the stream.
   *
   * @param rollout - With advantages and returns written.
   * @param random - The stream: one shuffle an epoch.
   * @returns An iterator over the minibatches: the same arrays each time, with other contents.
   */
  *epoch(rollout: Rollout<A>, random: Random): Generator<Minibatch<A>, void> {
    const count = rollout.steps * rollout.environments;
    if (this.#indices.length !== count) this.#indices = new Int32Array(count);
    for (let i = 0; i < count; i++) this.#indices[i] = i;
    random.shuffle(this.#indices);
    for (let start = 0; start < count; start += this.size) {
      const minibatch = this.#ofSize(Math.min(this.size, count - start));
      this.#gather(rollout, start, minibatch);
      yield minibatch;
    }
  }

  #gather(rollout: Rollout<A>, start: number, minibatch: Minibatch<A>): void {
    for (let row = 0; row < minibatch.size; row++) {
      const index = this.#indices[start + row];
      minibatch.indices[row] = index;
      copyRow(rollout.observations, index, minibatch.observations, row, this.#observationSize);
      copyRow(rollout.actions, index, minibatch.actions, row, this.#actionSize);
      minibatch.logProbabilities[row] = rollout.logProbabilities[index];
      minibatch.values[row] = rollout.values[index];
      minibatch.advantages[row] = rollout.advantages[index];
      minibatch.returns[row] = rollout.returns[index];
    }
  }

  #ofSize(size: number): Minibatch<A> {
    if (size === this.size) return this.#full;
    if (size !== this.#last.size) this.#last = firstOf(this.#full, size);
    return this.#last;
  }
}

function firstOf<A extends Space>(minibatch: Minibatch<A>, size: number): Minibatch<A> {
  const { observations, actions } = minibatch;
  return {
    size,
    indices: minibatch.indices.subarray(0, size),
    observations: observations.subarray(0, (observations.length / minibatch.size) * size),
    actions: actions.subarray(0, (actions.length / minibatch.size) * size) as ActionsOf<A>,
    logProbabilities: minibatch.logProbabilities.subarray(0, size),
    values: minibatch.values.subarray(0, size),
    advantages: minibatch.advantages.subarray(0, size),
    returns: minibatch.returns.subarray(0, size),
  };
}

function copyRow(
  source: Float32Array | Int32Array,
  from: number,
  target: Float32Array | Int32Array,
  to: number,
  size: number,
): void {
  for (let i = 0; i < size; i++) target[to * size + i] = source[from * size + i];
}

import { FormatError, pow, requireArray, requireInteger, requireNumber } from "@uphill/core-math";
import type { Random } from "@uphill/core-math";
import type { Space } from "@uphill/envs";
import type { Snapshot } from "../agent/loop-body.js";
import type { ReplayBuffer } from "./replay-buffer.js";
import { requireValues } from "./replay-rows.js";
import { SumTree } from "./sum-tree.js";
import type { ReplayBatch } from "./transitions.js";
import { requireHeld } from "./uniform-sampler.js";
import type { SamplerOptions } from "./uniform-sampler.js";

/** How a {@link PrioritizedSampler} draws. */
export interface PrioritizedSamplerOptions extends SamplerOptions {
  /** α: how much priorities count, in [0, 1]; 0 is uniform. Default 0.6. */
  readonly exponent?: number;
}

/** What exponents may be. */
const EXPONENTS = { least: 0, most: 1 };

/** Added to each error, so that none makes a transition impossible. */
const LEAST_ERROR = 1e-6;

/**
 * Draws batches from a replay buffer by the size of their last errors, and weights them against the bias of that:
 *
 *     P(i) = pᵢ^α / Σ pₖ^α,   pᵢ = |δᵢ| + 1e-6,   wᵢ = (N P(i))^−β / max w
 *
 * One transition is drawn from each of B equal parts of the sum. A new transition has the largest priority so far.
 * (Schaul, Quan, Antonoglou and Silver 2016, algorithm 1, with proportional priorities; the largest weight is the
 * batch's.)
 *
 * @typeParam A - The action space.
 */
export class PrioritizedSampler<A extends Space = Space> {
  readonly #buffer: ReplayBuffer<A>;
  readonly #options: Required<PrioritizedSamplerOptions>;
  readonly #batch: ReplayBatch<A>;
  readonly #tree: SumTree;
  /** pᵅ of a new transition. */
  #largest = 1;
  /** The rows that the tree knows. */
  #first = 0;
  #end = 0;

  /**
   * @param buffer - What to draw from.
   * @param options - See {@link PrioritizedSamplerOptions}.
   * @throws OptionError for an option out of its range, or a batch larger than the buffer can ever be.
   */
  constructor(buffer: ReplayBuffer<A>, options: PrioritizedSamplerOptions) {
    const { batchSize, gamma, steps = 1, exponent = 0.6 } = options;
    requireNumber("exponent", exponent, EXPONENTS);
    this.#buffer = buffer;
    this.#options = { batchSize, gamma, steps, exponent };
    this.#batch = buffer.emptyBatch(requireInteger("batchSize", batchSize, { least: 1, most: buffer.capacity }));
    this.#tree = new SumTree(buffer.capacity);
    [this.#first, this.#end] = [buffer.first, buffer.first];
  }

  /**
   * The next batch, with its importance weights.
   *
   * @param random - The stream; one number a transition is drawn.
   * @param beta - β: how much of the bias is corrected, in [0, 1].
   * @returns The same arrays each time, with other contents.
   * @throws StateError where the buffer holds fewer transitions than a batch has; OptionError for a β out of its range.
   */
  sample(random: Random, beta: number): ReplayBatch<A> {
    requireNumber("beta", beta, EXPONENTS);
    this.#follow();
    requireHeld(this.#buffer.size, this.#batch.size);
    const { rows, weights, size } = this.#batch;
    const part = this.#tree.total / size;
    let largest = 0;
    for (let b = 0; b < size; b++) {
      const place = this.#tree.find((b + random.random()) * part);
      rows[b] = this.#rowAt(place);
      weights[b] = pow((this.#buffer.size * this.#tree.get(place)) / this.#tree.total, -beta);
      largest = Math.max(largest, weights[b]);
    }
    for (let b = 0; b < size; b++) weights[b] /= largest;
    this.#buffer.gather(this.#batch, this.#options);
    return this.#batch;
  }

  /**
   * Sets the priorities of the last batch.
   *
   * @param errors - `[B]`: δ of each of its transitions; the sign does not matter.
   * @throws ShapeError for another length; OptionError where an error is not finite.
   */
  setErrors(errors: ArrayLike<number>): void {
    requireArray("errors", errors, this.#batch.size);
    for (let b = 0; b < errors.length; b++) {
      const error = Math.abs(errors[b]);
      if (!Number.isFinite(error)) requireNumber(`errors[${b}]`, errors[b]);
      const priority = pow(error + LEAST_ERROR, this.#options.exponent);
      this.#tree.set(this.#batch.rows[b] % this.#tree.size, priority);
      this.#largest = Math.max(this.#largest, priority);
    }
  }

  /** The priorities of all that the buffer holds; save the buffer's beside it. */
  capture(): Snapshot {
    this.#follow();
    const priorities = new Float64Array(this.#end - this.#first);
    for (let k = 0; k < priorities.length; k++) priorities[k] = this.#tree.get((this.#first + k) % this.#tree.size);
    return {
      tensors: { priorities: { shape: [priorities.length], data: priorities } },
      state: this.#largest,
    };
  }

  /**
   * Goes back to what {@link capture} gave, once the buffer is back where it was then.
   *
   * @throws FormatError where it is damaged, or not of what the buffer holds; then nothing has changed.
   */
  restore({ tensors, state }: Snapshot): void {
    const priorities = requireValues(tensors, "priorities", new Float64Array(), this.#buffer.size);
    if (typeof state !== "number" || !(state >= 1) || priorities.some((priority) => priority < 0)) {
      throw new FormatError("replay: expected priorities of at least 0 and the largest of at least 1, got others");
    }
    for (let place = 0; place < this.#tree.size; place++) this.#tree.set(place, 0);
    [this.#first, this.#end] = [this.#buffer.first, this.#buffer.end];
    priorities.forEach((priority, k) => this.#tree.set((this.#first + k) % this.#tree.size, priority));
    this.#largest = state;
  }

  /** Takes in what was recorded since the last time. A row's place is the one of the row that it replaces. */
  #follow(): void {
    const { first, end } = this.#buffer;
    for (let row = Math.max(this.#end, first); row < end; row++) this.#tree.set(row % this.#tree.size, this.#largest);
    [this.#first, this.#end] = [first, end];
  }

  #rowAt(place: number): number {
    const { size } = this.#tree;
    return this.#first + ((((place - this.#first) % size) + size) % size);
  }
}

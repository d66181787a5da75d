import { requireInteger, StateError } from "@uphill/core-math";
import type { Random } from "@uphill/core-math";
import type { Space } from "@uphill/envs";
import type { GatherOptions, ReplayBuffer } from "./replay-buffer.js";
import type { ReplayBatch } from "./transitions.js";

/** What a batch of samples is. */
export interface SamplerOptions extends GatherOptions {
  /** B: transitions in a batch, at least 1. */
  readonly batchSize: number;
}

/**
 * Draws batches from a replay buffer, every transition with the same probability, with replacement. Allocates nothing.
 *
 * @typeParam A - The action space.
 */
export class UniformSampler<A extends Space = Space> {
  readonly #buffer: ReplayBuffer<A>;
  readonly #options: GatherOptions;
  readonly #batch: ReplayBatch<A>;

  /**
   * @param buffer - What to draw from.
   * @param options - See {@link SamplerOptions}.
   * @throws OptionError where the batch is no positive integer, or larger than the buffer can ever be.
   */
  constructor(buffer: ReplayBuffer<A>, { batchSize, ...options }: SamplerOptions) {
    this.#buffer = buffer;
    this.#options = options;
    this.#batch = buffer.emptyBatch(requireInteger("batchSize", batchSize, { least: 1, most: buffer.capacity }));
  }

  /**
   * The next batch.
   *
   * @param random - The stream; one integer a transition is drawn.
   * @returns The same arrays each time, with other contents.
   * @throws StateError where the buffer holds fewer transitions than a batch has.
   */
  sample(random: Random): ReplayBatch<A> {
    const { first, size } = this.#buffer;
    requireHeld(size, this.#batch.size);
    const { rows } = this.#batch;
    for (let b = 0; b < rows.length; b++) rows[b] = first + random.integer(size);
    this.#buffer.gather(this.#batch, this.#options);
    return this.#batch;
  }
}

/** @throws StateError where a buffer holds less than a batch. */
export function requireHeld(size: number, batchSize: number): void {
  if (size >= batchSize) return;
  throw new StateError(`sample: expected a buffer of at least ${batchSize} transitions, a batch, got one of ${size}`);
}

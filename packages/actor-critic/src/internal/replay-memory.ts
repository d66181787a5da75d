import { Store, webAssembly } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { requireObject } from "@uphill/core-math";
import type { Random, RandomState } from "@uphill/core-math";
import type { JsonValue, Space } from "@uphill/envs";
import { scheduleValue } from "@uphill/nn";
import { loadStoreTensors, ObservationScaling, PrioritizedSampler, storeTensors, UniformSampler } from "@uphill/training";
import type { ReplayBatch, ReplayBuffer, Snapshot } from "@uphill/training";
import type { OffPolicyOptions } from "./off-policy-options.js";
import { joinSnapshots, splitTensors } from "./snapshots.js";

/**
 * What an algorithm knows: its store, the transitions that it has, how batches are drawn of them, and what scales
 * observations; all of it saved and restored, random streams beside it.
 */
export class ReplayMemory<A extends Space> {
  readonly store: Store;
  readonly buffer: ReplayBuffer<A>;
  readonly #uniform: UniformSampler<A>;
  /** Null where all transitions are drawn alike. */
  readonly #prioritized: PrioritizedSampler<A> | null;
  readonly #importanceExponent: OffPolicyOptions["importanceExponent"];
  readonly #scaling: ObservationScaling | null;
  readonly #batchStream: Random;
  /** The first row of the buffer that the scaling has not seen. */
  #unscaled = 0;

  constructor(buffer: ReplayBuffer<A>, settings: OffPolicyOptions, random: Random) {
    const { batchSize, gamma, returnSteps: steps, priorityExponent: exponent, importanceExponent } = settings;
    this.store = new Store({ backend: webAssembly({ deterministic: settings.deterministic }) });
    this.buffer = buffer;
    this.#uniform = new UniformSampler(buffer, { batchSize, gamma, steps });
    this.#prioritized = exponent > 0 ? new PrioritizedSampler(buffer, { batchSize, gamma, steps, exponent }) : null;
    this.#importanceExponent = importanceExponent;
    this.#scaling = settings.normalizeObservations ? new ObservationScaling(buffer.observationSize) : null;
    this.#batchStream = random.split("batches");
  }

  /** Observations as networks see them, `["batch", observation size]`. */
  scaled(observation: Tensor): Tensor {
    return this.#scaling?.apply(observation) ?? observation;
  }

  /**
   * A batch for an update: valid until the next one.
   *
   * @param progress - Part of the budget that is used, in [0, 1).
   */
  sample(progress: number): ReplayBatch<A> {
    if (this.#prioritized === null) return this.#uniform.sample(this.#batchStream);
    return this.#prioritized.sample(this.#batchStream, scheduleValue(this.#importanceExponent, progress));
  }

  /** Tells how far the transitions of the last batch were from their targets, `["batch"]`. */
  setErrors(errors: ArrayLike<number>): void {
    this.#prioritized?.setErrors(errors);
  }

  /** Takes the observations that are new into the statistics that normalise them. */
  updateScaling(): void {
    const { first, end } = this.buffer;
    const start = Math.max(first, this.#unscaled);
    this.#unscaled = end;
    if (this.#scaling === null || start === end) return;
    const recent = this.buffer.emptyBatch(end - start);
    for (let k = 0; k < recent.size; k++) recent.rows[k] = start + k;
    this.buffer.gather(recent, { gamma: 0 });
    this.#scaling.update(recent.observations, this.store);
  }

  /** Everything that decides what follows, with the random streams and the state of others beside it. */
  capture(streams: Readonly<Record<string, Random>>, others: Readonly<Record<string, JsonValue>>): Snapshot {
    const replay = this.buffer.capture();
    const priorities = this.#prioritized?.capture();
    const states = Object.entries({ ...streams, batches: this.#batchStream });
    return joinSnapshots(storeTensors(this.store), replay, priorities?.tensors ?? {}, {
      ...others,
      replay: replay.state,
      largestPriority: priorities?.state ?? null,
      scaling: this.#scaling?.capture() ?? null,
      unscaled: this.#unscaled,
      streams: Object.fromEntries(states.map(([name, stream]) => [name, stream.state()])),
    });
  }

  /**
   * Goes back to what {@link capture} gave, the same streams beside it.
   *
   * @returns The state of others.
   */
  restore({ tensors, state }: Snapshot, streams: Readonly<Record<string, Random>>): Readonly<Record<string, unknown>> {
    const saved = requireObject("checkpoint.state", state);
    const { weights, replay } = splitTensors(tensors);
    loadStoreTensors(this.store, weights);
    this.buffer.restore({ tensors: replay, state: saved["replay"] as JsonValue });
    this.#prioritized?.restore({ tensors: replay, state: saved["largestPriority"] as JsonValue });
    this.#scaling?.restore(saved["scaling"] as JsonValue);
    this.#unscaled = saved["unscaled"] as number;
    const states = requireObject("checkpoint.state.streams", saved["streams"]);
    for (const [name, stream] of Object.entries({ ...streams, batches: this.#batchStream })) {
      stream.restore(states[name] as RandomState);
    }
    return saved;
  }
}

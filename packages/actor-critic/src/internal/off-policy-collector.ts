import { Store, webAssembly } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { OptionError, requireObject } from "@uphill/core-math";
import type { Random, RandomState } from "@uphill/core-math";
import { definitionOf } from "@uphill/envs";
import type { ActionsOf, EnvironmentSource, JsonValue, Space } from "@uphill/envs";
import {
  loadStoreTensors, ObservationScaling, ReplayBuffer, storeTensors, TrainingEnvironments, UniformSampler,
} from "@uphill/training";
import type { ReplayBatch, Snapshot } from "@uphill/training";
import { BoundedBox } from "./bounded-box.js";
import type { OffPolicyOptions } from "./off-policy-options.js";
import { joinSnapshots, splitTensors } from "./snapshots.js";

/** What an {@link OffPolicyCollector} is made of. */
interface OffPolicyCollectorOptions<A extends Space> {
  readonly env: EnvironmentSource<A>;
  readonly settings: OffPolicyOptions;
  /** The run's stream; what is used of it is split off by name. */
  readonly random: Random;
}

/**
 * N environments and the replay buffer that they fill: random actions first, then those that the algorithm chooses; how
 * many updates are due after each step; and all of it saved and restored, the algorithm's store and streams beside it.
 */
export class OffPolicyCollector<A extends Space> {
  readonly environments: TrainingEnvironments<A>;
  readonly environmentId: string;
  readonly box: BoundedBox;
  readonly store: Store;
  readonly #settings: OffPolicyOptions;
  readonly #buffer: ReplayBuffer<A>;
  readonly #sampler: UniformSampler<A>;
  readonly #scaling: ObservationScaling | null;
  readonly #warmUpStream: Random;
  readonly #batchStream: Random;
  readonly #randomActions: Float32Array;
  /** Environment steps so far, those since the last round of updates, and updates that are due, in parts of one. */
  #progress = { steps: 0, sinceUpdate: 0, owed: 0 };
  /** The first row of the buffer that the scaling has not seen. */
  #unscaled = 0;

  constructor({ env, settings, random }: OffPolicyCollectorOptions<A>) {
    const { environments: count, gamma, returnSteps: steps, batchSize, bufferCapacity: capacity } = settings;
    if (batchSize > capacity) {
      throw new OptionError(`batchSize: expected at most bufferCapacity = ${capacity}, got ${batchSize}`);
    }
    this.#settings = settings;
    this.environments = new TrainingEnvironments(env, {
      count,
      seed: random.split("environments").integer(2 ** 31),
      rewardScaling: settings.normalizeRewards ? { gamma } : null,
    });
    const { vector } = this.environments;
    this.environmentId = definitionOf(env).id;
    this.box = new BoundedBox(this.environmentId, vector.actionSpace);
    this.store = new Store({ backend: webAssembly({ deterministic: settings.deterministic }) });
    this.#buffer = new ReplayBuffer(vector, { capacity, spare: settings.stepsPerReport + count });
    this.#sampler = new UniformSampler(this.#buffer, { batchSize, gamma, steps });
    this.#scaling = settings.normalizeObservations ? new ObservationScaling(vector.observationSpace.size) : null;
    this.#warmUpStream = random.split("warmUp");
    this.#batchStream = random.split("batches");
    this.#randomActions = new Float32Array(count * this.box.size);
  }

  /** Observations as networks see them, `["batch", observation size]`. */
  scaled(observation: Tensor): Tensor {
    return this.#scaling?.apply(observation) ?? observation;
  }

  /** Whether actions are still random. */
  get warmingUp(): boolean {
    return this.#progress.steps < this.#settings.warmUpSteps;
  }

  /**
   * Takes a step of all environments and records it.
   *
   * @param choose - Gives the actions for the environments' observations, within the bounds; not asked in the warm-up.
   * @returns How many updates are due now.
   */
  step(choose: (observations: Float32Array) => Float32Array): number {
    const { environments, warmUpSteps, updateInterval, updatesPerStep, batchSize } = this.#settings;
    const { vector } = this.environments;
    const { observations } = vector;
    const actions = (this.warmingUp ? this.#drawActions() : choose(observations)) as ActionsOf<A>;
    this.#buffer.recordDecisions({ observations, actions });
    this.environments.step(actions);
    this.#buffer.recordOutcomes(vector, this.environments.rewards);

    const progress = this.#progress;
    progress.steps += environments;
    progress.sinceUpdate += environments;
    if (progress.steps <= warmUpSteps || this.#buffer.size < batchSize) return 0;
    progress.owed += environments * updatesPerStep;
    if (progress.sinceUpdate < updateInterval) return 0;
    progress.sinceUpdate = 0;
    const due = Math.floor(progress.owed);
    progress.owed -= due;
    return due;
  }

  /** A batch for an update: valid until the next one. */
  sample(): ReplayBatch<A> {
    return this.#sampler.sample(this.#batchStream);
  }

  /** Takes the observations of the last steps into the statistics that normalise them. */
  updateScaling(): void {
    const { first, end } = this.#buffer;
    const start = Math.max(first, this.#unscaled);
    this.#unscaled = end;
    if (this.#scaling === null || start === end) return;
    const recent = this.#buffer.emptyBatch(end - start);
    for (let k = 0; k < recent.size; k++) recent.rows[k] = start + k;
    this.#buffer.gather(recent, { gamma: 0 });
    this.#scaling.update(recent.observations, this.store);
  }

  /** Everything that decides what follows, with the algorithm's own streams and state beside it. */
  capture(streams: Readonly<Record<string, Random>>, own: JsonValue): Snapshot {
    const replay = this.#buffer.capture();
    const states = Object.entries({ ...streams, warmUp: this.#warmUpStream, batches: this.#batchStream });
    return joinSnapshots(storeTensors(this.store), replay, {
      environments: this.environments.capture(),
      replay: replay.state,
      scaling: this.#scaling?.capture() ?? null,
      progress: { ...this.#progress, unscaled: this.#unscaled },
      streams: Object.fromEntries(states.map(([name, stream]) => [name, stream.state()])),
      own,
    });
  }

  /**
   * Goes back to what {@link capture} gave, the same streams beside it.
   *
   * @returns The algorithm's own state.
   */
  restore({ tensors, state }: Snapshot, streams: Readonly<Record<string, Random>>): JsonValue {
    const saved = requireObject("checkpoint.state", state);
    const { weights, replay } = splitTensors(tensors);
    loadStoreTensors(this.store, weights);
    this.#buffer.restore({ tensors: replay, state: saved["replay"] as JsonValue });
    this.environments.restore(saved["environments"] as JsonValue);
    this.#scaling?.restore(saved["scaling"] as JsonValue);
    const { unscaled, ...progress } = saved["progress"] as { steps: number; sinceUpdate: number; owed: number; unscaled: number };
    this.#progress = progress;
    this.#unscaled = unscaled;
    const states = requireObject("checkpoint.state.streams", saved["streams"]);
    for (const [name, stream] of Object.entries({ ...streams, warmUp: this.#warmUpStream, batches: this.#batchStream })) {
      stream.restore(states[name] as RandomState);
    }
    return saved["own"] as JsonValue;
  }

  #drawActions(): Float32Array {
    const { low, high, size } = this.box;
    for (let i = 0; i < this.#randomActions.length; i++) {
      this.#randomActions[i] = this.#warmUpStream.uniform(low[i % size], high[i % size]);
    }
    return this.#randomActions;
  }
}

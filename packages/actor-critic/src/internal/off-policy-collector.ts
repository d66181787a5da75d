import { OptionError } from "@uphill/core-math";
import type { Random } from "@uphill/core-math";
import { definitionOf } from "@uphill/envs";
import type { ActionsOf, EnvironmentSource, JsonValue, Space, VectorEnvironment } from "@uphill/envs";
import { ReplayBuffer, TrainingEnvironments } from "@uphill/training";
import type { Snapshot } from "@uphill/training";
import { BoundedBox } from "./bounded-box.js";
import type { OffPolicyOptions } from "./off-policy-options.js";
import { ReplayMemory } from "./replay-memory.js";
import type { TransitionSource } from "./transition-source.js";

/**
 * N environments and the replay buffer that they fill: random actions first, then those that the algorithm chooses; and
 * how many updates are due after each step.
 */
export class OffPolicyCollector<A extends Space> implements TransitionSource<A> {
  readonly environmentId: string;
  readonly observationSpace: VectorEnvironment<A>["observationSpace"];
  readonly actionSpace: A;
  readonly box: BoundedBox;
  readonly memory: ReplayMemory<A>;
  readonly count: number;
  readonly #environments: TrainingEnvironments<A>;
  readonly #settings: OffPolicyOptions;
  readonly #warmUpStream: Random;
  readonly #randomActions: Float32Array;
  /** Environment steps so far, those since the last round of updates, and updates that are due, in parts of one. */
  #progress: Progress = { steps: 0, sinceUpdate: 0, owed: 0 };

  /** @param random - The run's stream; what is used of it is split off by name. */
  constructor(env: EnvironmentSource<A>, settings: OffPolicyOptions, random: Random) {
    const { environments: count, gamma, batchSize, bufferCapacity: capacity } = settings;
    if (capacity < count) throw new OptionError(`bufferCapacity: expected at least environments = ${count}, got ${capacity}`);
    if (batchSize > capacity) {
      throw new OptionError(`batchSize: expected at most bufferCapacity = ${capacity}, got ${batchSize}`);
    }
    this.#settings = settings;
    this.#environments = new TrainingEnvironments(env, {
      count,
      seed: random.split("environments").integer(2 ** 31),
      rewardScaling: settings.normalizeRewards ? { gamma } : null,
    });
    const { vector } = this.#environments;
    this.environmentId = definitionOf(env).id;
    this.observationSpace = vector.observationSpace;
    this.actionSpace = vector.actionSpace;
    this.box = new BoundedBox(vector.actionSpace, this.environmentId);
    this.memory = new ReplayMemory(new ReplayBuffer(vector, { capacity, spare: settings.stepsPerReport + count }), settings, random);
    this.count = count;
    this.#warmUpStream = random.split("warmUp");
    this.#randomActions = new Float32Array(count * this.box.size);
  }

  get report() {
    return this.#environments.report;
  }

  /** Takes a step of all environments and records it. Actions are random in the warm-up. */
  step(choose: (environments: VectorEnvironment<A>) => Float32Array): number {
    const { warmUpSteps, updateInterval, updatesPerStep, batchSize } = this.#settings;
    const { vector } = this.#environments;
    const { buffer } = this.memory;
    const progress = this.#progress;
    const actions = (progress.steps < warmUpSteps ? this.#drawActions() : choose(vector)) as ActionsOf<A>;
    buffer.recordDecisions({ observations: vector.observations, actions });
    this.#environments.step(actions);
    buffer.recordOutcomes(vector, this.#environments.rewards);

    progress.steps += this.count;
    progress.sinceUpdate += this.count;
    if (progress.steps <= warmUpSteps || buffer.size < batchSize) return 0;
    progress.owed += this.count * updatesPerStep;
    if (progress.sinceUpdate < updateInterval) return 0;
    progress.sinceUpdate = 0;
    const due = Math.floor(progress.owed);
    progress.owed -= due;
    return due;
  }

  capture(streams: Readonly<Record<string, Random>>, own: JsonValue): Snapshot {
    const environments = this.#environments.capture();
    return this.memory.capture({ ...streams, warmUp: this.#warmUpStream }, { environments, progress: { ...this.#progress }, own });
  }

  restore(snapshot: Snapshot, streams: Readonly<Record<string, Random>>): JsonValue {
    const saved = this.memory.restore(snapshot, { ...streams, warmUp: this.#warmUpStream });
    this.#environments.restore(saved["environments"] as JsonValue);
    this.#progress = { ...(saved["progress"] as Progress) };
    return saved["own"] as JsonValue;
  }

  close(): void {
    this.#environments.close();
  }

  #drawActions(): Float32Array {
    const { low, high, size } = this.box;
    for (let i = 0; i < this.#randomActions.length; i++) {
      this.#randomActions[i] = this.#warmUpStream.uniform(low[i % size], high[i % size]);
    }
    return this.#randomActions;
  }
}

interface Progress {
  steps: number;
  sinceUpdate: number;
  owed: number;
}

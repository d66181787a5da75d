import { OptionError } from "@uphill/core-math";
import type { Random } from "@uphill/core-math";
import type { JsonValue, Space } from "@uphill/envs";
import type { Policy, Snapshot, StoredTransitions } from "@uphill/training";
import { BoundedBox } from "./bounded-box.js";
import type { OffPolicyOptions } from "./off-policy-options.js";
import { ReplayMemory } from "./replay-memory.js";
import type { TransitionSource } from "./transition-source.js";

/** Transitions that are all there from the start: nothing is played, and a step is an update. */
export class OfflineSource<A extends Space> implements TransitionSource<A> {
  readonly environmentId: string;
  readonly observationSpace: Policy["observationSpace"];
  readonly actionSpace: A;
  readonly box: BoundedBox;
  readonly memory: ReplayMemory<A>;
  readonly count = 1;
  readonly report = { episodes: 0, meanReturn: NaN, meanLength: NaN };

  /** @param random - The run's stream; what is used of it is split off by name. */
  constructor({ transitions, environmentId }: Required<StoredTransitions<A>>, settings: OffPolicyOptions, random: Random) {
    this.environmentId = environmentId;
    this.observationSpace = transitions.observationSpace;
    this.actionSpace = transitions.actionSpace;
    this.box = new BoundedBox(transitions.actionSpace);
    if (settings.normalizeRewards) {
      throw new OptionError("normalizeRewards: expected false, since stored transitions need not be whole episodes, got true");
    }
    if (settings.batchSize > transitions.capacity) {
      throw new OptionError(
        `batchSize: expected at most ${transitions.size}, as many as there are transitions, got ${settings.batchSize}`,
      );
    }
    this.memory = new ReplayMemory(transitions, settings, random);
  }

  /** One update is due. Where there are fewer transitions than a batch has, its sample says so. */
  step(): number {
    this.memory.updateScaling();
    return 1;
  }

  capture(streams: Readonly<Record<string, Random>>, own: JsonValue): Snapshot {
    return this.memory.capture(streams, { own });
  }

  restore(snapshot: Snapshot, streams: Readonly<Record<string, Random>>): JsonValue {
    return this.memory.restore(snapshot, streams)["own"] as JsonValue;
  }

  close(): void {}
}

import type { Random } from "@uphill/core-math";
import type { JsonValue, Space, VectorEnvironment } from "@uphill/envs";
import type { Policy, Report, Snapshot } from "@uphill/training";
import type { BoundedBox } from "./bounded-box.js";
import type { ReplayMemory } from "./replay-memory.js";

/** Where the transitions come from that an algorithm learns from: environments, or what was stored before. */
export interface TransitionSource<A extends Space> extends Pick<Policy<A>, "environmentId" | "observationSpace" | "actionSpace"> {
  /** The actions' bounds. */
  readonly box: BoundedBox;
  readonly memory: ReplayMemory<A>;
  /** Steps that are taken at a time. */
  readonly count: number;
  /** What a report says of episodes. */
  readonly report: Pick<Report, "episodes" | "meanReturn" | "meanLength">;
  /**
   * Takes a step.
   *
   * @param choose - Gives the actions for environments, `[N, size]`, within the bounds; not asked where none are played.
   * @returns How many updates are due now.
   */
  step(choose: (environments: VectorEnvironment<A>) => Float32Array): number;
  /** Everything that decides what follows, with the algorithm's own streams and state beside it. */
  capture(streams: Readonly<Record<string, Random>>, own: JsonValue): Snapshot;
  /**
   * Goes back to what {@link capture} gave, the same streams beside it.
   *
   * @returns The algorithm's own state.
   */
  restore(snapshot: Snapshot, streams: Readonly<Record<string, Random>>): JsonValue;
  close(): void;
}

import { emptyActions } from "@uphill/envs";
import type { ActionsOf, Space, VectorEnvironment } from "@uphill/envs";

/** The first half of a step of N environments: what was seen, and what was done. */
export interface ReplayDecisions<A extends Space = Space> {
  /** Float32 `[N, observation size]`: what was acted on. */
  readonly observations: ArrayLike<number>;
  /** Int32 `[N]`, or float32 `[N, size]`: what was played. */
  readonly actions: ActionsOf<A>;
  /** `[N]`: log μ(a | s) in nats, of the policy that acted. Only for a buffer that keeps them. */
  readonly logProbabilities?: ArrayLike<number>;
}

/** What N environments answered; a `VectorEnvironment` after its step is one. */
export type ReplayOutcomes = Pick<
  VectorEnvironment,
  "observations" | "rewards" | "terminated" | "truncated" | "finalObservations"
>;

/** N transitions (s, a, r, s′), one of each environment; row-major. */
export interface Transitions<A extends Space = Space> extends ReplayDecisions<A> {
  /** `[N]`. */
  readonly rewards: ArrayLike<number>;
  /** `[N, observation size]`: s′, which where an episode ended is its last observation. */
  readonly nextObservations: ArrayLike<number>;
  /** 0 or 1, `[N]`. */
  readonly terminated: ArrayLike<number>;
  /** 0 or 1, `[N]`. */
  readonly truncated: ArrayLike<number>;
}

/**
 * B transitions of a replay buffer, in float32 as programs take them. A target is
 * `rewards + discounts · V(nextObservations)`, whatever ended.
 *
 * @typeParam A - The action space.
 */
export interface ReplayBatch<A extends Space = Space> {
  /** B. */
  readonly size: number;
  /** Float64 `[B]`: which transitions, counted from the first that the buffer ever held. */
  readonly rows: Float64Array;
  /** `[B, observation size]`: s_t. */
  readonly observations: Float32Array;
  /** Int32 `[B]` for a discrete space, float32 `[B, size]` for a box: a_t. */
  readonly actions: ActionsOf<A>;
  /** `[B]`: Σ_{k<m} γᵏ r_{t+k}, of the m ≤ n steps until the episode ends or the buffer does; m = 1 unless n is given. */
  readonly rewards: Float32Array;
  /** `[B, observation size]`: s_{t+m}. */
  readonly nextObservations: Float32Array;
  /** `[B]`: γᵐ, and 0 where the episode terminated. */
  readonly discounts: Float32Array;
  /** 0 or 1, `[B]`: whether s_{t+m} ended the episode without a future. */
  readonly terminated: Uint8Array;
  /** 0 or 1, `[B]`: whether what follows in the buffer is of another episode though this one did not terminate. */
  readonly truncated: Uint8Array;
  /** `[B]`: log μ(a_t | s_t); empty where the buffer does not keep them. */
  readonly logProbabilities: Float32Array;
  /** `[B]`: importance weights, at most 1; all 1 where sampling is uniform. */
  readonly weights: Float32Array;
}

/** Room for B transitions. */
export function emptyReplayBatch<A extends Space>(
  size: number,
  observationSize: number,
  actionSpace: A,
  keepsLogProbabilities: boolean,
): ReplayBatch<A> {
  return {
    size,
    rows: new Float64Array(size),
    observations: new Float32Array(size * observationSize),
    actions: emptyActions(actionSpace, size),
    rewards: new Float32Array(size),
    nextObservations: new Float32Array(size * observationSize),
    discounts: new Float32Array(size),
    terminated: new Uint8Array(size),
    truncated: new Uint8Array(size),
    logProbabilities: new Float32Array(keepsLogProbabilities ? size : 0),
    weights: new Float32Array(size).fill(1),
  };
}

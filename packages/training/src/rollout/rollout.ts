import { emptyActions } from "@uphill/envs";
import type { ActionsOf, Space } from "@uphill/envs";
import type { Numbers } from "../internal/copy-finite.js";

/**
 * What N environments went through in T steps, as a struct of arrays, row-major [T, N]: element t·N + i belongs to
 * step t of environment i. Fits the estimators as it is: `gaeAdvantages({ ...rollout, gamma, lambda })`.
 *
 * @typeParam A - The action space.
 */
export interface Rollout<A extends Space = Space> {
  /** T. */
  readonly steps: number;
  /** N. */
  readonly environments: number;
  /** Float32 `[T, N, observation size]`: what the policy acted on. */
  readonly observations: Float32Array;
  /** Float32 `[T, N, size]` for a box, int32 for choices: as sampled, before any clipping. */
  readonly actions: ActionsOf<A>;
  /** Float32 `[T, N]`: log π(a | s) in nats, of the policy that acted. */
  readonly logProbabilities: Float32Array;
  /** Float64 `[T, N]`. */
  readonly rewards: Float64Array;
  /** Float64 `[T, N]`: V(s_t). */
  readonly values: Float64Array;
  /** Float64 `[T, N]`: V of the observation that follows step t within its own episode; 0 where it terminated. */
  readonly nextValues: Float64Array;
  /** 0 or 1, `[T, N]`. */
  readonly terminated: Uint8Array;
  /** 0 or 1, `[T, N]`. */
  readonly truncated: Uint8Array;
  /** Float64 `[T, N]`, for an estimator to write: how much better each action was than expected. */
  readonly advantages: Float64Array;
  /** Float64 `[T, N]`, for an estimator to write: what the value function learns. */
  readonly returns: Float64Array;
}

/** A rollout of zeros. */
export function emptyRollout<A extends Space>(
  steps: number,
  environments: number,
  observationSize: number,
  actionSpace: A,
): Rollout<A> {
  const count = steps * environments;
  return {
    steps,
    environments,
    observations: new Float32Array(count * observationSize),
    actions: emptyActions(actionSpace, count),
    logProbabilities: new Float32Array(count),
    rewards: new Float64Array(count),
    values: new Float64Array(count),
    nextValues: new Float64Array(count),
    terminated: new Uint8Array(count),
    truncated: new Uint8Array(count),
    advantages: new Float64Array(count),
    returns: new Float64Array(count),
  };
}

/** The first rows of a rollout, as views of the same memory. */
export function firstRows<A extends Space>(rollout: Rollout<A>, steps: number): Rollout<A> {
  const count = rollout.steps * rollout.environments;
  const first = <Values extends Numbers>(values: Values): Values =>
    values.subarray(0, (values.length / count) * steps * rollout.environments) as Values;
  return {
    steps,
    environments: rollout.environments,
    observations: first(rollout.observations),
    actions: first(rollout.actions),
    logProbabilities: first(rollout.logProbabilities),
    rewards: first(rollout.rewards),
    values: first(rollout.values),
    nextValues: first(rollout.nextValues),
    terminated: first(rollout.terminated),
    truncated: first(rollout.truncated),
    advantages: first(rollout.advantages),
    returns: first(rollout.returns),
  };
}

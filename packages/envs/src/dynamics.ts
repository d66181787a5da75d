import type { Random } from "@uphill/core-math";
import type { Drawing } from "./drawing/drawing.js";
import type { EnvironmentDefinition, StepResults } from "./environment.js";
import { DynamicsBatch } from "./internal/dynamics-batch.js";
import { formsOfBatch } from "./internal/forms-of-batch.js";
import type { Box } from "./spaces/box.js";
import type { ActionsOf, Space } from "./spaces/space.js";

/**
 * The equations of an environment, for N copies of it at once: written once, they serve its single and its vector form.
 *
 * All that changes over an episode is in `state`, one array a quantity and one element an environment, so that saving
 * and restoring need nothing more. What is derived from it may be kept besides if {@link observe} derives it.
 *
 * @typeParam A - The action space.
 */
export interface Dynamics<A extends Space = Space> {
  /** One array `[N]` for each number of an environment's state. */
  readonly state: readonly Float64Array[];

  /** Draws the initial state of environment `index`. `observe(index, …)` is called next. */
  reset(index: number, random: Random): void;

  /** Writes what environment `index` shows to its row of `observations`. Called after `reset` and after a restore. */
  observe(index: number, observations: Float32Array): void;

  /**
   * Advances every environment by its action, and writes every element of `results`.
   *
   * @param actions - Already checked: discrete ones are in range, those of a box are finite but may be out of bounds.
   * @param results - Where the answers go. Time limits are added later: `truncated` is 0 unless the equations cut off.
   * @param streams - `[N]`: what environment i draws comes from `streams[i]`.
   */
  advance(actions: ActionsOf<A>, results: StepResults, streams: readonly Random[]): void;
}

/** What {@link environmentFromDynamics} takes. */
export interface DynamicsDefinition<A extends Space = Space> {
  /** The environment's name, such as `CartPole-v1`. */
  readonly id: string;
  /** Steps after which an episode is truncated. */
  readonly maxEpisodeSteps?: number;
  /** Mean return from which the problem counts as solved. */
  readonly rewardThreshold?: number;
  /** The space of observations. */
  readonly observationSpace: Box;
  /** The space of actions. */
  readonly actionSpace: A;
  /** How it is drawn. */
  readonly drawing?: Drawing;
  /** What it shows as text. */
  readonly text?: (observation: ArrayLike<number>, action?: number) => string;
  /** The equations for `count` copies. */
  dynamics(count: number): Dynamics<A>;
}

/**
 * An environment from its equations: the single form, the native vector form, and saving and restoring of both.
 *
 * @param definition - Name, spaces and equations.
 * @returns The definition that `makeEnvironment`, `makeVectorEnvironment` and every algorithm take.
 */
export function environmentFromDynamics<A extends Space>(definition: DynamicsDefinition<A>): EnvironmentDefinition<A> {
  const { id, maxEpisodeSteps, rewardThreshold, drawing, text } = definition;
  return {
    id,
    ...(maxEpisodeSteps === undefined ? {} : { maxEpisodeSteps }),
    ...(rewardThreshold === undefined ? {} : { rewardThreshold }),
    ...formsOfBatch(id, (count) => new DynamicsBatch(definition, count)),
    ...(drawing === undefined ? {} : { drawing }),
    ...(text === undefined ? {} : { text }),
  };
}

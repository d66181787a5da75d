import { OptionError } from "@uphill/core-math";
import type { EnvironmentDefinition, EnvironmentSource, StepResults } from "../environment.js";
import { formsOfBatch } from "../internal/forms-of-batch.js";
import { LayerBatch } from "../internal/layer-batch.js";
import { timeLimitLayer } from "../internal/time-limit-layer.js";
import type { JsonValue } from "../json.js";
import { definitionOf, makeBatch } from "../make.js";
import type { Box } from "../spaces/box.js";
import type { ActionsOf, Space } from "../spaces/space.js";
import { type SceneBehind, seenThrough } from "./scene-behind.js";

/** The environments that a layer lies over. */
export interface WrappedEnvironments<A extends Space = Space> {
  /** Their name. */
  readonly id: string;
  /** N; 1 where a single environment is wrapped. */
  readonly count: number;
  /** The space of their observations. */
  readonly observationSpace: Box;
  /** The space of their actions. */
  readonly actionSpace: A;
  /** Steps after which their episodes are truncated, where there is a limit. */
  readonly maxEpisodeSteps: number | undefined;
}

/**
 * What a wrapper changes about N environments, as hooks around their calls: written once, it serves the single form
 * (N = 1) and the vector form. All hooks may be left out. Arrays are row-major and belong to the caller.
 *
 * @typeParam A - The action space of the wrapped environments.
 * @typeParam B - The action space that the wrapper shows.
 */
export interface Layer<A extends Space = Space, B extends Space = A> {
  /** The space of the observations that {@link observe} writes; that of the wrapped environments where left out. */
  readonly observationSpace?: Box;
  /** The space of the actions that {@link act} takes; that of the wrapped environments where left out. */
  readonly actionSpace?: B;
  /**
   * The wrapped environments' actions for those that the wrapper was given: the same for the same, however often.
   *
   * @param active - 0 where an environment is to stand still, whose action is ignored; all move where left out.
   */
  act?(actions: ActionsOf<B>, active?: Uint8Array): ActionsOf<A>;
  /** Called where an episode of environment `index` began, with the wrapped environments' observations. */
  begin?(index: number, observations: Float32Array): void;
  /**
   * Called after each step with what the wrapped environments answered; may change rewards and flags in place.
   *
   * @param results - Row i holds nothing of use where `active[i]` is 0.
   * @param actions - What the wrapper was given.
   * @param active - 0 where an environment stood still, `[N]`; all moved where left out.
   */
  step?(results: StepResults, actions: ActionsOf<B>, active?: Uint8Array): void;
  /** Writes rows [from, to) of what the wrapper shows from the wrapped environments' observations; after the others. */
  observe?(from: number, to: number, inner: Float32Array, outer: Float32Array): void;
  /** What the wrapper says of environment `index` besides, after a step. */
  info?(index: number): Readonly<Record<string, unknown>> | undefined;
  /** Everything in the layer that decides what follows, as JSON. */
  saveState?(): JsonValue;
  /** Goes back to what {@link saveState} gave. */
  restoreState?(state: JsonValue): void;
  /** Lets go of what the layer holds. */
  close?(): void;
}

/**
 * An environment with a layer over it: what every wrapper of this package is made by, and one of your own.
 *
 * The time limit of the wrapped environment lies below the layer, so that a layer sees each episode's end.
 *
 * @param source - The environment to wrap.
 * @param makeLayer - Makes the layer for a single environment or a vector of them: all that it remembers is its own.
 * @param behind - How the wrapped environment's observations and actions are found in the wrapper's, for its drawing and
 *   its text. Where left out they are the same; `null` where they cannot be found: then there is no drawing and no text.
 * @returns A definition that everything takes which takes an environment; of the same name, limit and threshold.
 * @throws OptionError where `source` is no source; at `make`, what `makeLayer` throws.
 */
export function wrap<A extends Space, B extends Space = A>(
  source: EnvironmentSource<A>,
  makeLayer: (environments: WrappedEnvironments<A>) => Layer<A, B>,
  behind: SceneBehind | null = {},
): EnvironmentDefinition<B> {
  const definition = definitionOf(source);
  const { id, maxEpisodeSteps, rewardThreshold } = definition;
  if (typeof makeLayer !== "function") throw new OptionError(`wrapper of ${id}: expected a function that makes a layer`);
  const layered = (count: number): LayerBatch<A, B> => {
    const bare = makeBatch(definition, count);
    const limited =
      maxEpisodeSteps === undefined ? bare : new LayerBatch(id, bare, timeLimitLayer<A>(count, maxEpisodeSteps));
    const { observationSpace, actionSpace } = limited;
    return new LayerBatch(id, limited, makeLayer({ id, count, observationSpace, actionSpace, maxEpisodeSteps }));
  };
  return {
    id,
    ...(maxEpisodeSteps === undefined ? {} : { maxEpisodeSteps }),
    ...(rewardThreshold === undefined ? {} : { rewardThreshold }),
    ...seenThrough(definition, behind),
    ...formsOfBatch(id, layered),
  };
}

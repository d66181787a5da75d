import type { Drawing } from "./drawing/drawing.js";
import type { JsonValue } from "./json.js";
import type { Box } from "./spaces/box.js";
import type { ActionOf, ActionsOf, Space } from "./spaces/space.js";

/** What an environment answers to one action. */
export interface Step {
  /** What is seen after the action: a point of the observation space, in an array of its own. */
  readonly observation: Float32Array;
  /** A finite number. */
  readonly reward: number;
  /** Whether the episode ended in the problem itself: nothing more can be earned from here. */
  readonly terminated: boolean;
  /** Whether the episode was cut off from outside, as by a time limit: more could have been earned from here. */
  readonly truncated: boolean;
  /** Anything else, for people to read; no algorithm uses it. */
  readonly info?: Readonly<Record<string, unknown>>;
}

/** What `reset` takes. */
export interface ResetOptions {
  /** Starts the environment's random stream anew: a non-negative safe integer. Where left out, the stream carries on. */
  readonly seed?: number;
}

/**
 * A problem that is acted upon one step at a time: the interface to write for an environment of your own.
 *
 * `reset` begins an episode, `step` advances it until `terminated` or `truncated`, then `reset` begins the next. The
 * same seed and the same actions give the same episodes, to the bit, those after unseeded resets included.
 * `makeEnvironment` adds what every environment needs and none should have to write: a time limit, and errors for
 * calls out of order, wrong actions and wrong seeds. `checkEnvironment` finds what is wrong with one.
 *
 * @typeParam A - The action space: {@link Discrete} or {@link Box}.
 */
export interface Environment<A extends Space = Space> {
  /** The space of observations. */
  readonly observationSpace: Box;
  /** The space of actions. */
  readonly actionSpace: A;

  /**
   * Begins an episode.
   *
   * @param options - `seed`, for the first episode of a reproducible run.
   * @returns The first observation, `[observationSpace.size]`, in an array of its own.
   */
  reset(options?: ResetOptions): Float32Array;

  /**
   * Advances the episode by one action.
   *
   * @param action - A number in [0, n) of a discrete space; `[size]` finite numbers of a box. Outside its bounds an
   *   action acts as the nearest point within.
   */
  step(action: ActionOf<A>): Step;

  /** Everything that decides what follows, random stream included, as JSON. With it, runs can be resumed exactly. */
  saveState?(): JsonValue;

  /** Goes back to a state that `saveState` of an environment of the same kind gave; what follows is identical. */
  restoreState?(state: JsonValue): void;

  /** Lets go of what the environment holds. Calling it twice is allowed; `step` and `reset` afterwards throw. */
  close?(): void;
}

/**
 * An environment as others refer to it: a name, how to make one, and how its episodes are judged.
 *
 * @typeParam A - The action space.
 */
export interface EnvironmentDefinition<A extends Space = Space> {
  /** Its name, such as `CartPole-v1`. Errors and saved files carry it. */
  readonly id: string;
  /** Steps after which an episode is truncated: a positive integer. No limit where left out. */
  readonly maxEpisodeSteps?: number;
  /** Mean return from which the problem counts as solved. */
  readonly rewardThreshold?: number;
  /** One environment, without the time limit. */
  make(): Environment<A>;
  /** Many environments advanced by one call, where there is a faster way than one after the other. */
  makeBatch?(count: number): EnvironmentBatch<A>;
  /** How it is drawn on a canvas, from what it shows. */
  readonly drawing?: Drawing;
  /**
   * What it shows as text for a terminal, with ANSI colours.
   *
   * @param observation - An observation of it.
   * @param action - The action that led there, where there was one.
   */
  text?(observation: ArrayLike<number>, action?: number): string;
}

/** What algorithms take as `env`: a definition, or a function that makes an environment. */
export type EnvironmentSource<A extends Space = Space> = EnvironmentDefinition<A> | (() => Environment<A>);

/** Where a batch writes what its environments answer; all row-major. */
export interface StepResults {
  /** Float32 `[N, observationSpace.size]`. */
  readonly observations: Float32Array;
  /** Float64 `[N]`. */
  readonly rewards: Float64Array;
  /** 0 or 1, `[N]`. */
  readonly terminated: Uint8Array;
  /** 0 or 1, `[N]`. */
  readonly truncated: Uint8Array;
}

/**
 * N independent environments advanced by one call: what the native vector form of an environment provides.
 *
 * It is bare: `makeVectorEnvironment` checks actions and order, counts steps, and resets each environment that ended.
 * Environment i draws from a stream of its own and behaves, to the bit, as the single form would.
 *
 * @typeParam A - The action space.
 */
export interface EnvironmentBatch<A extends Space = Space> {
  /** N. */
  readonly count: number;
  /** The space of each environment's observations. */
  readonly observationSpace: Box;
  /** The space of each environment's actions. */
  readonly actionSpace: A;
  /** Begins an episode of environment `index`, and writes its first observation to row `index` of `observations`. */
  reset(index: number, seed: number | undefined, observations: Float32Array): void;
  /**
   * Begins an episode in several environments at once, where that is faster than one after the other.
   *
   * @param rows - 1 for each environment to reset, else 0; `[N]`.
   * @param seeds - A seed for each environment, `[N]`, of which those of `rows` count; where left out, streams carry on.
   * @param observations - Float32 `[N, observationSpace.size]`: only the rows that are reset are written.
   */
  resetRows?(rows: Uint8Array, seeds: ArrayLike<number> | undefined, observations: Float32Array): void;
  /**
   * Advances every environment by its action, and writes every element of `results`.
   *
   * @param active - `[N]`, given where some environments are to stand still: one with 0 is left as it is, draws nothing
   *   from its stream, and its elements of `results` may hold anything.
   */
  step(actions: ActionsOf<A>, results: StepResults, active?: Uint8Array): void;
  /**
   * Begins the step that `step` with the same arguments then completes, where others can compute it meanwhile.
   *
   * @returns A promise that settles when `step` can complete without waiting.
   */
  startStep?(actions: ActionsOf<A>, active?: Uint8Array): Promise<void>;
  /** What environment `index` said besides at the last step, where it said something. */
  info?(index: number): Readonly<Record<string, unknown>> | undefined;
  /** The state of all environments, random streams included. */
  saveState?(): JsonValue;
  /** Goes back to what `saveState` of a batch of as many environments gave. */
  restoreState?(state: JsonValue): void;
  /** Lets go of what the environments hold. */
  close?(): void;
}

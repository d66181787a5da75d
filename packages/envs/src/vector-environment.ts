import type { JsonValue } from "./json.js";
import type { Box } from "./spaces/box.js";
import type { ActionsOf, Space } from "./spaces/space.js";

/**
 * When an environment whose episode ended begins the next one:
 *
 * - `same-step`: within the step that ended it. `observations` then holds the first observation of the next episode.
 * - `next-step`: at the step after it, which ignores its action and answers with the first observation, reward 0 and no
 *   flags. `observations` holds the last observation of the episode in between.
 * - `disabled`: when `reset` is called with a mask that names it. Until then a step throws.
 *
 * In each mode `finalObservations` holds how an episode ended. They are those of Gymnasium's vector environments.
 */
export type AutoresetMode = "same-step" | "next-step" | "disabled";

/**
 * What the `reset` of a vector environment takes.
 *
 * @typeParam M - When environments are reset.
 */
export interface VectorResetOptions<M extends AutoresetMode = AutoresetMode> {
  /**
   * A seed s, from which environment i starts its stream at s + i; or a list of N seeds, one each. Non-negative safe
   * integers. Where left out, streams carry on; at the very first reset, s = 0.
   */
  readonly seed?: number | ArrayLike<number>;
  /** 1 for each environment to reset and 0 for the others, `[N]`; all are reset where left out. Only where M is `disabled`. */
  readonly mask?: M extends "disabled" ? ArrayLike<number> : undefined;
}

/**
 * N environments stepped together, as a struct of arrays that `step` overwrites: copy what must outlast the next step.
 *
 * By default an environment whose episode ends is reset within that very step: `observations` then holds the first
 * observation of the next episode, which the policy acts on next, and `finalObservations` the last one of the ended
 * episode, whose value a truncated episode bootstraps from. The type says so: what needs this mode takes no vector of
 * another.
 *
 * @typeParam A - The action space.
 * @typeParam M - When environments whose episode ended are reset.
 */
export interface VectorEnvironment<A extends Space = Space, M extends AutoresetMode = "same-step"> {
  /** When environments whose episode ended are reset. */
  readonly autoreset: M;
  /** N. */
  readonly count: number;
  /** The space of each environment's observations. */
  readonly observationSpace: Box;
  /** The space of each environment's actions. */
  readonly actionSpace: A;

  /** Float32 `[N, observationSpace.size]`: what the policy sees next, after automatic resets. See {@link showIn}. */
  readonly observations: Float32Array;
  /** Float32 `[N, observationSpace.size]`: how the last episode ended; row i holds where i ended at the last step. */
  readonly finalObservations: Float32Array;
  /** Float64 `[N]`: rewards of the last step. */
  readonly rewards: Float64Array;
  /** 1 where the last step terminated the episode, else 0; `[N]`. */
  readonly terminated: Uint8Array;
  /** 1 where the last step truncated the episode, else 0; `[N]`. Both may be 1: then it terminated. */
  readonly truncated: Uint8Array;
  /** Whether {@link saveState} works: whether the environments inside can save theirs. */
  readonly savesState: boolean;

  /**
   * Writes {@link observations} elsewhere from now on, such as to where a compiled policy reads them: then nothing is copied
   * on the way. Those of the moment are taken along.
   *
   * @param memory - Gives the memory, `[N, observationSpace.size]`; and again, with what it held, once what it gave is
   *   detached, as views of WebAssembly's memory are when it grows.
   * @throws OptionError, ShapeError where it gives something else; StateError after `close`.
   */
  showIn(memory: () => Float32Array): void;

  /**
   * Begins an episode in every environment, or in those that a mask names.
   *
   * @param options - See {@link VectorResetOptions}.
   * @throws OptionError where a seed is no non-negative safe integer, or for a mask in another mode than `disabled`;
   *   ShapeError where a list of seeds or a mask is not of N elements; StateError after `close`.
   */
  reset(options?: VectorResetOptions<M>): void;

  /**
   * Advances every environment by one action. Allocates nothing where the environment has a native vector form.
   *
   * @param actions - `Int32Array` `[N]` for a discrete space; `Float32Array` `[N, size]` for a box.
   * @throws OptionError, ShapeError or NumericalError, naming the environment and its index, for an action that is
   *   none; nothing has moved then. What an environment throws, its name and index added, as a StateError where it is no
   *   error of Uphill. StateError before `reset`, after `close`, and, where M is `disabled`, while the
   *   episode of an environment is over; it names the environment.
   */
  step(actions: ActionsOf<A>): void;

  /**
   * {@link step} without making the caller's thread wait, where the environments run on others: `onWorkers`. Elsewhere
   * it is `step`. Until the promise settles, every other call but `close` throws.
   *
   * @param actions - As for `step`; copied.
   * @returns A promise of the step. It rejects with what `step` throws.
   */
  stepAsync(actions: ActionsOf<A>): Promise<void>;

  /**
   * What environment `index` said besides at the last step, for people to read; an empty object where it said nothing.
   *
   * @throws OptionError where there is no such environment.
   */
  info(index: number): Readonly<Record<string, unknown>>;

  /**
   * Everything that decides what follows, random streams included, as JSON.
   *
   * @throws StateError before `reset`, after `close`, or where the environments cannot save their state.
   */
  saveState(): JsonValue;

  /**
   * Goes back to a saved state; `observations` and flags are those of then, the other arrays are zero.
   *
   * @throws FormatError where `state` is damaged, or of another environment or count; StateError after `close`.
   */
  restoreState(state: JsonValue): void;

  /** Lets go of what the environments hold. Calling it twice is allowed; anything else afterwards throws. */
  close(): void;
}

import type { ResetOptions } from "./environment.js";
import type { JsonValue } from "./json.js";
import type { Box } from "./spaces/box.js";
import type { ActionsOf, Space } from "./spaces/space.js";

/**
 * N environments stepped together, as a struct of arrays that `step` overwrites: copy what must outlast the next step.
 *
 * Automatic reset is of the same-step kind: where an episode ends, the environment is reset within that very step.
 * `observations` then holds the first observation of the next episode, which the policy acts on next, and
 * `finalObservations` the last one of the ended episode, whose value a truncated episode bootstraps from.
 *
 * @typeParam A - The action space.
 */
export interface VectorEnvironment<A extends Space = Space> {
  /** N. */
  readonly count: number;
  /** The space of each environment's observations. */
  readonly observationSpace: Box;
  /** The space of each environment's actions. */
  readonly actionSpace: A;

  /** Float32 `[N, observationSpace.size]`: what the policy sees next, after automatic resets. */
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
   * Begins an episode in every environment.
   *
   * @param options - With `seed` s, environment i starts its stream from seed s + i. Where left out, streams carry on;
   *   at the very first reset, s = 0.
   * @throws OptionError where `seed` is no non-negative safe integer; StateError after `close`.
   */
  reset(options?: ResetOptions): void;

  /**
   * Advances every environment by one action. Allocates nothing where the environment has a native vector form.
   *
   * @param actions - `Int32Array` `[N]` for a discrete space; `Float32Array` `[N, size]` for a box.
   * @throws OptionError, ShapeError or NumericalError, naming the environment and its index, for an action that is
   *   none; nothing has moved then. StateError before `reset` and after `close`.
   */
  step(actions: ActionsOf<A>): void;

  /**
   * Everything that decides what follows, random streams included, as JSON.
   *
   * @throws StateError before `reset`, after `close`, or where the environments cannot save their state.
   */
  saveState(): JsonValue;

  /**
   * Goes back to a saved state; `observations` are those of then, the other arrays are zero.
   *
   * @throws FormatError where `state` is damaged, or of another environment or count; StateError after `close`.
   */
  restoreState(state: JsonValue): void;

  /** Lets go of what the environments hold. Calling it twice is allowed; anything else afterwards throws. */
  close(): void;
}

import type { ActionCode } from "./action-code.js";
import type { FittedFunction } from "./regression.js";

/** States in which a Q is to be as large as possible. */
export interface States {
  /** `[n, observationSize]`. */
  readonly observations: Float32Array;
  /** n. */
  readonly count: number;
  /** Numbers of an observation. */
  readonly observationSize: number;
}

/** What a {@link Maximizer} found. */
export interface Maximum {
  /** `[n]`: the value of each state, as large as was found; or a smooth maximum. */
  readonly values: Float64Array;
  /** `[n, code.size]`: the codes of actions that have it; of a smooth maximum, of the most probable ones. */
  readonly codes: Float32Array;
}

/** What finds the actions at which Q(s, ·) is largest. */
export interface Maximizer {
  /**
   * Maximises in several states.
   *
   * @param q - Q of rows (observation, code of an action).
   * @param states - The states.
   * @param code - The actions.
   * @returns Values and actions.
   * @throws OptionError for a space of actions, or a function, that it cannot handle.
   */
  maximize(q: FittedFunction, states: States, code: ActionCode): Maximum;
}

/** Rows (observation, code) of n states with `each` codes in each, which `write` writes to their place. */
export function rowsOf(
  { observations, count, observationSize: size }: States,
  width: number,
  each: number,
  write: (rows: Float32Array, start: number, state: number, index: number) => void,
): Float32Array {
  const rows = new Float32Array(count * each * (size + width));
  for (let state = 0; state < count; state++) {
    for (let index = 0; index < each; index++) {
      const start = (state * each + index) * (size + width);
      for (let k = 0; k < size; k++) rows[start + k] = observations[state * size + k];
      write(rows, start + size, state, index);
    }
  }
  return rows;
}

/** The best of `each` rows in each state. */
export function bestOf(rows: Float32Array, values: ArrayLike<number>, { count, observationSize }: States, each: number): Maximum {
  const width = rows.length / (count * each);
  const best = { values: new Float64Array(count), codes: new Float32Array(count * (width - observationSize)) };
  for (let state = 0; state < count; state++) {
    let at = state * each;
    for (let k = at + 1; k < (state + 1) * each; k++) if (values[k] > values[at]) at = k;
    best.values[state] = values[at];
    best.codes.set(rows.subarray(at * width + observationSize, (at + 1) * width), state * (width - observationSize));
  }
  return best;
}

import { describe, FormatError } from "@uphill/core-math";
import { emptyActions } from "@uphill/envs";
import type { ActionsOf, Space } from "@uphill/envs";
import type { Numbers } from "../internal/copy-finite.js";
import type { TensorData } from "../safetensors/dtypes.js";

/** Flag of a row whose episode ended there without a future. */
export const TERMINATED = 1;
/** Flag of a row whose episode was cut off there. */
export const TRUNCATED = 2;
/** Flag of a row whose next observation is kept apart: it is not the observation of the row that comes next. */
export const APART = 4;

/** Arrays of as many rows as there are places; row i has place i mod `places`. */
export class ReplayRows<A extends Space> {
  readonly places: number;
  readonly observations: Float32Array;
  readonly actions: ActionsOf<A>;
  readonly rewards: Float32Array;
  readonly flags: Uint8Array;
  /** Empty where they are not kept. */
  readonly logProbabilities: Float32Array;

  constructor(places: number, observationSize: number, actionSpace: A, keepsLogProbabilities: boolean) {
    this.places = places;
    this.observations = new Float32Array(places * observationSize);
    this.actions = emptyActions(actionSpace, places);
    this.rewards = new Float32Array(places);
    this.flags = new Uint8Array(places);
    this.logProbabilities = new Float32Array(keepsLogProbabilities ? places : 0);
  }

  get bytes(): number {
    return this.#columns().reduce((sum, [, { byteLength }]) => sum + byteLength, 0);
  }

  /** Copies of the rows from `first` on, `count` of them: `[count, width]` each. */
  read(first: number, count: number): Record<string, TensorData> {
    const entries = this.#columns().map(([name, column]): [string, TensorData] => {
      const width = column.length / this.places;
      const data = new (column.constructor as new (length: number) => Numbers)(count * width);
      this.#parts(first, count).forEach(({ place, start, length }) => {
        data.set(column.subarray(place * width, (place + length) * width), start * width);
      });
      return [name, { shape: [count, width], data }];
    });
    return Object.fromEntries(entries);
  }

  /**
   * Writes what {@link read} gave.
   *
   * @throws FormatError where a column is missing, of another type or length, or not finite; then nothing has changed.
   */
  write(tensors: Readonly<Record<string, TensorData>>, first: number, count: number): void {
    const columns = this.#columns();
    const read = columns.map(([name, column]) => {
      return requireValues(tensors, name, column, (count * column.length) / this.places);
    });
    columns.forEach(([, column], k) => {
      const width = column.length / this.places;
      this.#parts(first, count).forEach(({ place, start, length }) => {
        column.set(read[k].subarray(start * width, (start + length) * width), place * width);
      });
    });
  }

  #columns(): [string, Numbers][] {
    const { observations, actions, rewards, flags, logProbabilities } = this;
    const columns: [string, Numbers][] = [["observations", observations], ["actions", actions], ["rewards", rewards], ["flags", flags]];
    if (logProbabilities.length > 0) columns.push(["logProbabilities", logProbabilities]);
    return columns;
  }

  /** Rows in a line as places in a line: two lines where they go around the end. */
  #parts(first: number, count: number) {
    const place = first % this.places;
    const before = Math.min(count, this.places - place);
    return [
      { place, start: 0, length: before },
      { place: 0, start: before, length: count - before },
    ];
  }
}

/**
 * A saved column, if it is there and fits.
 *
 * @throws FormatError for anything else.
 */
export function requireValues<N extends Numbers>(
  tensors: Readonly<Record<string, TensorData>>,
  name: string,
  like: N,
  length: number,
): N {
  const data = Object.hasOwn(tensors, name) ? tensors[name].data : undefined;
  const type = like.constructor as new () => N;
  if (!(data instanceof type) || data.length !== length) {
    throw new FormatError(`replay: expected ${name} as a ${type.name} of length ${length}, got ${describe(data)}`);
  }
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return data;
  throw new FormatError(`replay: expected finite numbers in ${name}, got ${data[wrong]} at position ${wrong}`);
}

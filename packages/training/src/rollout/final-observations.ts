import { copyFinite } from "../internal/copy-finite.js";

/** How truncated episodes ended: rows of observations, kept until their values are known. */
export class FinalObservations {
  readonly #size: number;
  readonly #positions: number[] = [];
  #rows: Float32Array;

  /**
   * @param size - Length of an observation.
   * @param rows - How many there is room for at first; it doubles as needed, and so soon stops growing.
   */
  constructor(size: number, rows: number) {
    this.#size = size;
    this.#rows = new Float32Array(rows * size);
  }

  /** Which steps were truncated, as positions in the rollout, in the order of the rows. */
  get positions(): readonly number[] {
    return this.#positions;
  }

  clear(): void {
    this.#positions.length = 0;
  }

  /** Keeps a row of `[N, size]` observations as the end of the step at `position`. */
  add(position: number, observations: Float32Array, row: number): void {
    const end = this.#positions.length * this.#size;
    this.#reserve(end + this.#size);
    const observation = observations.subarray(row * this.#size, (row + 1) * this.#size);
    copyFinite(`finalObservations of environment ${row}`, observation, this.#rows, end, this.#size);
    this.#positions.push(position);
  }

  /** The kept rows with `count` more after them, as a view that is valid until the next change. */
  followedBy(observations: ArrayLike<number>, count: number): Float32Array {
    const end = this.#positions.length * this.#size;
    this.#reserve(end + count * this.#size);
    copyFinite("observations", observations, this.#rows, end, count * this.#size);
    return this.#rows.subarray(0, end + count * this.#size);
  }

  #reserve(length: number): void {
    if (length <= this.#rows.length) return;
    const grown = new Float32Array(Math.max(length, 2 * this.#rows.length));
    grown.set(this.#rows);
    this.#rows = grown;
  }
}

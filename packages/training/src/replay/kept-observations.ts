/**
 * Observations kept for rows of a ring whose successor they are, though it is not the row that follows: a queue in the
 * order of the rows, searched by halving. Where episodes are long it is short.
 */
export class KeptObservations {
  readonly #size: number;
  #rows = new Float64Array(8);
  #values: Float32Array;
  #first = 0;
  #count = 0;

  /** @param size - Length of an observation. */
  constructor(size: number) {
    this.#size = size;
    this.#values = new Float32Array(8 * size);
  }

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /** Bytes that they take, room for more included. */
  get bytes(): number {
    return this.#rows.byteLength + this.#values.byteLength;
  }

  /** Keeps the observation at `start` of an array for a row above all others. */
  add(row: number, source: Float32Array, start: number): void {
    if (this.#count === this.#rows.length) this.#grow();
    const slot = (this.#first + this.#count) % this.#rows.length;
    this.#rows[slot] = row;
    for (let i = 0; i < this.#size; i++) this.#values[slot * this.#size + i] = source[start + i];
    this.#count++;
  }

  /** Copies a row's observation to `start` of an array; the row must have one. */
  copy(row: number, target: Float32Array, start: number): void {
    const slot = (this.#first + this.#lowerBound(row)) % this.#rows.length;
    for (let i = 0; i < this.#size; i++) target[start + i] = this.#values[slot * this.#size + i];
  }

  /** Forgets those of rows below a row. */
  dropBelow(row: number): void {
    while (this.#count > 0 && this.#rows[this.#first] < row) {
      this.#first = (this.#first + 1) % this.#rows.length;
      this.#count--;
    }
  }

  /** Those of rows in [from, to), copied: rows `[K]`, and observations `[K, size]`. */
  between(from: number, to: number): { readonly rows: Float64Array; readonly values: Float32Array } {
    const [low, high] = [this.#lowerBound(from), this.#lowerBound(to)];
    const rows = new Float64Array(high - low);
    const values = new Float32Array((high - low) * this.#size);
    for (let k = low; k < high; k++) {
      const slot = (this.#first + k) % this.#rows.length;
      rows[k - low] = this.#rows[slot];
      values.set(this.#values.subarray(slot * this.#size, (slot + 1) * this.#size), (k - low) * this.#size);
    }
    return { rows, values };
  }

  /** How many rows are below one. */
  #lowerBound(row: number): number {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#rows[(this.#first + middle) % this.#rows.length] < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    const { rows, values } = this.between(0, Infinity);
    this.#rows = new Float64Array(2 * rows.length);
    this.#values = new Float32Array(2 * values.length);
    this.#rows.set(rows);
    this.#values.set(values);
    this.#first = 0;
  }
}

import { requireInteger, requireNumber } from "@uphill/core-math";

/**
 * Numbers ≥ 0 with their sum, of which one is found by a partial sum in log₂ n steps, and changed in as many. Each inner
 * node is exactly the sum of its two, so that the same numbers give the same tree whatever came before.
 */
export class SumTree {
  /** n. */
  readonly size: number;
  readonly #leaves: number;
  readonly #nodes: Float64Array;

  /**
   * @param size - n, at least 1; all numbers are 0 at first.
   * @throws OptionError for anything else.
   */
  constructor(size: number) {
    this.size = requireInteger("size", size, { least: 1, most: 2 ** 30 });
    let leaves = 1;
    while (leaves < size) leaves *= 2;
    this.#leaves = leaves;
    this.#nodes = new Float64Array(2 * leaves);
  }

  /** The sum of all numbers. */
  get total(): number {
    return this.#nodes[1];
  }

  /** The number at an index. */
  get(index: number): number {
    return this.#nodes[this.#leaves + this.#requireIndex(index)];
  }

  /**
   * Changes the number at an index.
   *
   * @throws OptionError where the index is none, or the value no finite number ≥ 0.
   */
  set(index: number, value: number): void {
    let node = this.#leaves + this.#requireIndex(index);
    if (!(value >= 0 && value < Infinity)) requireNumber("value", value, { least: 0 });
    this.#nodes[node] = value;
    for (node >>= 1; node > 0; node >>= 1) this.#nodes[node] = this.#nodes[2 * node] + this.#nodes[2 * node + 1];
  }

  /**
   * The least index i with x₀ + … + xᵢ > `sum`; never one of a number 0 while any is above it.
   *
   * @param sum - In [0, total).
   */
  find(sum: number): number {
    const nodes = this.#nodes;
    let node = 1;
    let left = sum;
    while (node < this.#leaves) {
      node *= 2;
      // Rounding may leave a little more than the rest holds: an empty half is never entered.
      if (left >= nodes[node] && nodes[node + 1] > 0) left -= nodes[node++];
    }
    return node - this.#leaves;
  }

  #requireIndex(index: number): number {
    if (Number.isInteger(index) && index >= 0 && index < this.size) return index;
    return requireInteger("index", index, { least: 0, below: this.size });
  }
}

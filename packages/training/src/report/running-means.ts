/**
 * Means of several numbers over the updates of an iteration.
 *
 * @typeParam Name - The numbers' names.
 */
export class RunningMeans<Name extends string> {
  readonly #names: readonly Name[];
  readonly #sums: Float64Array;
  #count = 0;

  /** @param names - What is averaged. */
  constructor(names: readonly Name[]) {
    this.#names = names;
    this.#sums = new Float64Array(names.length);
  }

  /**
   * Takes in one value of each.
   *
   * @param read - Gives the value of a name; called once for each, in their order.
   */
  add(read: (name: Name) => number): void {
    this.#names.forEach((name, index) => (this.#sums[index] += read(name)));
    this.#count++;
  }

  /** The means by name; NaN before the first {@link add}. */
  values(): Readonly<Record<Name, number>> {
    const entries = this.#names.map((name, index) => [name, this.#sums[index] / this.#count] as const);
    return Object.fromEntries(entries) as Record<Name, number>;
  }
}

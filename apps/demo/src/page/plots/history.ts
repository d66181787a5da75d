/**
 * Measurements in a row that stay few however long a run is: when there are too many, every second one goes, and from
 * then on only every second new one is kept. What is left are rows as they were measured, evenly spread.
 *
 * The newest row is always there, kept or not, so that curves end where the run is.
 *
 * @typeParam Name - The columns.
 */
export class History<Name extends string> {
  readonly #most: number;
  #rows: Readonly<Record<Name, number>>[] = [];
  #newest: Readonly<Record<Name, number>> | undefined;
  #stride = 1;
  #seen = 0;

  /** @param most - How many rows are kept. */
  constructor(most: number) {
    this.#most = most;
  }

  push(row: Readonly<Record<Name, number>>): void {
    const kept = this.#seen % this.#stride === 0;
    this.#seen++;
    this.#newest = kept ? undefined : row;
    if (!kept) return;
    this.#rows.push(row);
    if (this.#rows.length <= this.#most) return;
    this.#rows = this.#rows.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }

  clear(): void {
    this.#rows = [];
    this.#newest = undefined;
    this.#stride = 1;
    this.#seen = 0;
  }

  /** One column, oldest first; null where a value is not finite. */
  column(name: Name): (number | null)[] {
    const rows = this.#newest === undefined ? this.#rows : [...this.#rows, this.#newest];
    return rows.map((row) => (Number.isFinite(row[name]) ? row[name] : null));
  }
}

/**
 * Collects what comes often and passes it on a few times a second: an iteration may take less than a millisecond, and a
 * page has nothing from more messages than it can draw.
 */
export class Batch<Item> {
  readonly #deliver: (items: readonly Item[]) => void;
  readonly #everyMs: number;
  #items: Item[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param deliver - Takes the items, oldest first; never none.
   * @param everyMs - The longest that an item waits, in ms.
   */
  constructor(deliver: (items: readonly Item[]) => void, everyMs: number) {
    this.#deliver = deliver;
    this.#everyMs = everyMs;
  }

  add(item: Item): void {
    this.#items.push(item);
    this.#timer ??= setTimeout(() => this.flush(), this.#everyMs);
  }

  /** Delivers what is there at once. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const items = this.#items;
    this.#items = [];
    if (items.length > 0) this.#deliver(items);
  }
}

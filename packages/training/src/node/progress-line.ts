import { clearLine, cursorTo } from "node:readline";
import { requireNumber } from "@uphill/core-math";

/** Where progress is written, such as `process.stderr`. */
export interface ProgressStream extends NodeJS.WritableStream {
  /** Whether it is a terminal. */
  readonly isTTY?: boolean;
  /** Width of the terminal, in characters. */
  readonly columns?: number;
}

/**
 * Shows how far something is: on a terminal one line that is written over, elsewhere (a file, a pipe, a CI log) plain
 * lines, not more often than the reader cares for.
 */
export class ProgressLine {
  readonly #stream: ProgressStream;
  readonly #everyMs: number;
  readonly #now: () => number;
  #shownAt = -Infinity;
  #pending: string | undefined;
  #open = false;

  /**
   * @param stream - Where to write.
   * @param options - `everyMs`: the least time between two plain lines, in ms; `now`: the clock.
   * @throws OptionError where `everyMs` is no number ≥ 0.
   */
  constructor(
    stream: ProgressStream = process.stderr,
    { everyMs = 2000, now = () => performance.now() }: { readonly everyMs?: number; readonly now?: () => number } = {},
  ) {
    this.#stream = stream;
    this.#everyMs = requireNumber("everyMs", everyMs, { least: 0 });
    this.#now = now;
  }

  /** Shows a new state. Elsewhere than on a terminal it may be passed over, if a later one or `finish` follows soon. */
  update(text: string): void {
    if (this.#stream.isTTY === true) {
      this.#rewrite(text);
      return;
    }
    this.#pending = text;
    if (this.#now() - this.#shownAt < this.#everyMs) return;
    this.#shownAt = this.#now();
    this.#writePending();
  }

  /** Leaves the last state on its line, so that other output can follow. May be called twice, and updated after. */
  finish(): void {
    if (this.#open) this.#stream.write("\n");
    this.#open = false;
    this.#writePending();
  }

  #rewrite(text: string): void {
    if (this.#open) {
      cursorTo(this.#stream, 0);
      clearLine(this.#stream, 1);
    }
    // A line as wide as the terminal would wrap, and could not be written over.
    this.#stream.write(text.slice(0, (this.#stream.columns ?? 80) - 1));
    this.#open = true;
  }

  #writePending(): void {
    if (this.#pending !== undefined) this.#stream.write(`${this.#pending}\n`);
    this.#pending = undefined;
  }
}

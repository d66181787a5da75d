import { requireNumber } from "@uphill/core-math";

/**
 * Lets the event loop turn now and then during long work, so that timers, Ctrl-C and messages are heard:
 * `if (pacer.due) await pacer.turn();` at every place where the work may pause.
 *
 * Time decides when it pauses and nothing else: what is computed does not depend on it.
 */
export class EventLoopPacer {
  readonly #everyMs: number;
  readonly #now: () => number;
  #last: number;

  /**
   * @param everyMs - How long work goes on before a pause is due, in ms; less than the 50 ms that are promised, since
   *   the work between two places to pause takes time too.
   * @param now - The clock, in ms.
   * @throws OptionError where `everyMs` is no number ≥ 0.
   */
  constructor(everyMs = 20, now: () => number = () => performance.now()) {
    this.#everyMs = requireNumber("everyMs", everyMs, { least: 0 });
    this.#now = now;
    this.#last = now();
  }

  /** Whether the work has gone on for long enough. */
  get due(): boolean {
    return this.#now() - this.#last >= this.#everyMs;
  }

  /** Lets the event loop turn once; the promise resolves in a later task. */
  async turn(): Promise<void> {
    await nextTask();
    this.#last = this.#now();
  }
}

/**
 * Resolves in a later task of the event loop, as soon as it gets there. In Node.js `setImmediate`, which comes after
 * timers and input; in pages and workers a message to oneself, since their timers wait for 4 ms and, in a hidden page,
 * for a second.
 */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { setImmediate: immediate } = globalThis as { readonly setImmediate?: (task: () => void) => void };
    if (immediate !== undefined) {
      immediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}

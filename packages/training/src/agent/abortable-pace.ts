import type { EventLoopPacer } from "../pace/event-loop-pacer.js";

/** Lets the event loop turn now and then during long work. */
export interface Pace {
  /** Whether the work has gone on for long enough, or the run is to end. */
  readonly due: boolean;
  /** Lets the event loop turn once. Where the run is aborted by then, it throws what ends it: let that pass. */
  turn(): Promise<void>;
}

/** Thrown through an iteration to end it; never leaves the loop. */
export class Aborted extends Error {}

/** The pace of an iteration that a signal may end. */
export class AbortablePace implements Pace {
  readonly #pacer: EventLoopPacer;
  readonly #signal: AbortSignal | undefined;

  /**
   * @param pacer - Says when a turn is due.
   * @param signal - Ends the iteration; nothing does where it is undefined.
   */
  constructor(pacer: EventLoopPacer, signal: AbortSignal | undefined) {
    this.#pacer = pacer;
    this.#signal = signal;
  }

  get due(): boolean {
    return this.#signal?.aborted === true || this.#pacer.due;
  }

  async turn(): Promise<void> {
    await this.#pacer.turn();
    if (this.#signal?.aborted === true) throw new Aborted();
  }
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** An `AbortSignal` for Ctrl-C. */
export interface Interrupt {
  /** Aborted by the first Ctrl-C, or by the system asking the process to end. */
  readonly signal: AbortSignal;
  /** Stops listening: what comes afterwards ends the process, as without this. */
  release(): void;
}

/**
 * Listens for Ctrl-C, so that training stops at the next safe place with the work so far kept:
 * `agent.train({ steps, signal: interrupt.signal })`. A second Ctrl-C ends the process at once.
 *
 * @returns The signal, and how to stop listening.
 */
export function listenForInterrupt(): Interrupt {
  const controller = new AbortController();
  const release = () => {
    for (const name of SIGNALS) process.off(name, stop);
  };
  const stop = () => {
    release();
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, stop);
  return { signal: controller.signal, release };
}

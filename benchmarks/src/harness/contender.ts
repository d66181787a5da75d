/** One way to do a work, timed in turns with the others. */
export interface Contender {
  readonly name: string;
  /** Does the work `repeats` times, and returns the microseconds that one takes. Rounds count from 0. */
  readonly run: (repeats: number, round: number) => number | Promise<number>;
  readonly close?: () => void | Promise<void>;
}

/** A contender that is not here. */
export interface Missing {
  readonly name: string;
  /** Why. */
  readonly missing: string;
}

/** A function of this process as a contender. */
export function inProcess(name: string, step: () => void): Contender {
  return {
    name,
    run: (repeats) => {
      const start = performance.now();
      for (let i = 0; i < repeats; i++) step();
      return (1e3 * (performance.now() - start)) / repeats;
    },
  };
}

/** As {@link inProcess}, of a function that is awaited. */
export function awaited(name: string, step: () => Promise<unknown>): Contender {
  return {
    name,
    run: async (repeats) => {
      const start = performance.now();
      for (let i = 0; i < repeats; i++) await step();
      return (1e3 * (performance.now() - start)) / repeats;
    },
  };
}

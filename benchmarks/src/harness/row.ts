/** One line of a report: how one contender did one work. */
export interface Row {
  /** Such as `minibatch 64`. */
  readonly work: string;
  /** Such as `onnxruntime-node`. */
  readonly contender: string;
  readonly unit: string;
  /** Median over the turns; null where the contender is missing. */
  readonly median: number | null;
  /** What nine in ten turns lie between. */
  readonly range: readonly [number, number] | null;
  /** Time as a multiple of the calibration product's, median over the turns. */
  readonly calibrations: number | null;
  /** Time as a multiple of Uphill's in the same turn, median over the turns. */
  readonly timesUphill: number | null;
  /** What Uphill is to reach. */
  readonly target: number | null;
  /** Why it is missing. */
  readonly missing?: string;
}

/** How a time is told. */
export interface Figure {
  readonly unit: string;
  /** From microseconds. */
  readonly of: (us: number) => number;
}

export const microseconds: Figure = { unit: "µs", of: (us) => us };
export const milliseconds: Figure = { unit: "ms", of: (us) => us / 1e3 };
export const seconds: Figure = { unit: "s", of: (us) => us / 1e6 };

/** Floating-point operations a nanosecond. */
export function gigaflops(operations: number): Figure {
  return { unit: "GFLOP/s", of: (us) => operations / us / 1e3 };
}

export function nanosecondsEach(elements: number): Figure {
  return { unit: "ns", of: (us) => (1e3 * us) / elements };
}

export const stepsPerSecond: Figure = stepsPerSecondOf(1);

/** Where a time is that of so many steps at once. */
export function stepsPerSecondOf(count: number): Figure {
  return { unit: "steps/s", of: (us) => (1e6 * count) / us };
}

export const updatesPerSecond: Figure = { unit: "updates/s", of: (us) => 1e6 / us };

import { calibration } from "./calibration.js";
import type { Settings } from "./benchmark.js";
import type { Contender, Missing } from "./contender.js";
import type { Figure, Row } from "./row.js";
import { median, medianRatio, quantile } from "./statistics.js";

/** What the contenders do. Uphill is the first of them. */
export interface Work {
  readonly name: string;
  readonly figure: Figure;
  /** What Uphill is to reach, in that figure. */
  readonly target?: number;
  readonly contenders: readonly (Contender | Missing)[];
  /** Whether a turn is the work done once, without a warm-up; else it is repeated for some milliseconds. */
  readonly once?: boolean;
}

/** Products of a turn of the calibration. */
const CALIBRATION_REPEATS = 5;

/**
 * Times the contenders in turns: in every round the calibration product, then each contender, the first one another each
 * round. A machine whose speed changes changes it for all of them, and ratios are taken turn by turn.
 */
export async function measure(work: Work, settings: Settings): Promise<Row[]> {
  const reference = await calibration();
  const present = work.contenders.filter((contender) => "run" in contender);
  try {
    const repeats = new Map<Contender, number>();
    for (const one of present) repeats.set(one, work.once === true ? 1 : await repeatsFor(one, settings.turnMs));
    const times = new Map<Contender, number[]>(present.map((one) => [one, []]));
    const calibrations: number[] = [];
    for (let round = 0; round < settings.rounds; round++) {
      calibrations.push(await reference.run(CALIBRATION_REPEATS, round));
      for (let k = 0; k < present.length; k++) {
        const one = present[(round + k) % present.length];
        times.get(one)!.push(await one.run(repeats.get(one)!, round));
      }
    }
    const uphill = times.get(present[0])!;
    return work.contenders.map((one) =>
      "run" in one ? presentRow(work, one.name, { times: times.get(one)!, uphill, calibrations }) : missingRow(work, one),
    );
  } finally {
    for (const one of present) await one.close?.();
  }
}

/** Warms up, and finds how many repetitions a turn takes. */
async function repeatsFor(contender: Contender, turnMs: number): Promise<number> {
  const end = performance.now() + 5 * turnMs;
  let repeats = 1;
  let us = await contender.run(repeats, 0);
  while (performance.now() < end) {
    repeats = Math.min(2 * repeats, repeatsOf(us, turnMs));
    us = await contender.run(repeats, 0);
  }
  return repeatsOf(us, turnMs);
}

function repeatsOf(us: number, turnMs: number): number {
  return Math.max(1, Math.round((1e3 * turnMs) / us));
}

interface Times {
  readonly times: readonly number[];
  readonly uphill: readonly number[];
  readonly calibrations: readonly number[];
}

function presentRow({ name, figure, target }: Work, contender: string, { times, uphill, calibrations }: Times): Row {
  const figures = times.map(figure.of);
  return {
    work: name,
    contender,
    unit: figure.unit,
    median: median(figures),
    range: [quantile(figures, 0.05), quantile(figures, 0.95)],
    calibrations: medianRatio(times, calibrations),
    timesUphill: times === uphill ? null : medianRatio(times, uphill),
    target: times === uphill ? (target ?? null) : null,
  };
}

function missingRow({ name, figure }: Work, { name: contender, missing }: Missing): Row {
  const none = { median: null, range: null, calibrations: null, timesUphill: null, target: null };
  return { work: name, contender, unit: figure.unit, ...none, missing };
}

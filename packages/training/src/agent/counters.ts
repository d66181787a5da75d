import { requireInteger, requireNumber, requireObject } from "@uphill/core-math";
import { readSaved } from "../internal/read-saved.js";

/** What a training loop counts. A type and no interface, so that it is a JSON value as it is. */
export type Counters = {
  /** Environment steps taken so far. */
  readonly steps: number;
  /** Iterations finished so far. */
  readonly iteration: number;
  /** Time spent in them, in ms. */
  readonly elapsedMs: number;
  /** Environment steps before the current budget. */
  readonly budgetStart: number;
  /** Environment steps at which the current budget ends. */
  readonly targetSteps: number;
};

/** The counters of a loop that has done nothing. */
export const noCounters: Counters = { steps: 0, iteration: 0, elapsedMs: 0, budgetStart: 0, targetSteps: 0 };

/**
 * Saved counters.
 *
 * @throws FormatError where one is missing or cannot be.
 */
export function readCounters(json: unknown): Counters {
  return readSaved(() => {
    const place = "checkpoint.state.counters";
    const saved = requireObject(place, json);
    const count = (name: keyof Counters, most = Number.MAX_SAFE_INTEGER): number =>
      requireInteger(`${place}.${name}`, saved[name], { least: 0, most });
    const steps = count("steps");
    return {
      steps,
      iteration: count("iteration", steps),
      elapsedMs: requireNumber(`${place}.elapsedMs`, saved["elapsedMs"], { least: 0 }),
      budgetStart: count("budgetStart", steps),
      targetSteps: count("targetSteps"),
    };
  });
}

import type { Report } from "../src/report/report.js";

/** A report after `steps` steps. */
export function reportAt(steps: number, changes: Partial<Report> = {}): Report {
  return {
    steps,
    iteration: steps / 100,
    elapsedMs: steps / 2,
    stepsPerSecond: 2000,
    episodes: 3,
    meanReturn: 21.5,
    meanLength: 21.5,
    ...changes,
  };
}

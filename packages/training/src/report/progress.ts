import type { Report } from "./report.js";

const MINUTE = 60;
const HOUR = 3600;

/**
 * A report in one line for people:
 * `51,200 of 100,000 steps (51%), return 123.4, 84 episodes, 2,345 steps/s, 21 s left`.
 *
 * @param report - The report.
 * @param totalSteps - The step count at which training ends, where it is known.
 * @returns The line, without a line break.
 */
export function formatProgress(report: Report, totalSteps?: number): string {
  const { steps, meanReturn, episodes, stepsPerSecond } = report;
  const parts = [
    totalSteps === undefined
      ? `${grouped(steps)} steps`
      : `${grouped(steps)} of ${grouped(totalSteps)} steps (${Math.min(100, Math.floor((100 * steps) / totalSteps))}%)`,
    Number.isFinite(meanReturn) ? `return ${significant(meanReturn)}` : "no return yet",
    `${grouped(episodes)} ${episodes === 1 ? "episode" : "episodes"}`,
    `${grouped(stepsPerSecond)} steps/s`,
  ];
  const secondsLeft = totalSteps === undefined ? NaN : (totalSteps - steps) / stepsPerSecond;
  if (Number.isFinite(secondsLeft) && secondsLeft > 0) parts.push(`${duration(secondsLeft)} left`);
  return parts.join(", ");
}

/** 1,234,567 in every locale. */
function grouped(value: number): string {
  return String(Math.round(value)).replaceAll(/\B(?=(?:\d{3})+$)/gu, ",");
}

/** Four digits, never an exponent for what fits a line. */
function significant(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9 || (size > 0 && size < 1e-3)) return value.toExponential(2);
  return size >= 1000 ? grouped(value) : value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 3);
}

function duration(seconds: number): string {
  if (seconds < MINUTE) return `${Math.ceil(seconds)} s`;
  if (seconds < HOUR) return `${Math.ceil(seconds / MINUTE)} min`;
  return `${(seconds / HOUR).toFixed(1)} h`;
}

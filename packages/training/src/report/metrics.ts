import { expectation, FormatError, OptionError, requireObject } from "@uphill/core-math";
import type { Report } from "./report.js";

/** One line of a metrics file, read back: the report's numbers, null where they were not finite. */
export interface Metrics extends Readonly<Record<string, number | string | boolean | null>> {
  /** Environment steps taken by then. */
  readonly steps: number;
}

/**
 * A report as one line of JSON, for a JSONL file or a program that reads along.
 *
 * @param report - Numbers, strings and booleans by name; NaN and infinities, which JSON lacks, become null.
 * @returns The line, without the line break.
 * @throws OptionError naming a value of another type.
 */
export function metricsLine(report: Report): string {
  const entries = Object.entries(requireObject("report", report)).map(([name, value]) => {
    // JSON.stringify itself writes null for what is not finite.
    if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return [name, value];
    throw new OptionError(expectation(`report.${name}`, "a number, a string or a boolean", value));
  });
  return JSON.stringify(Object.fromEntries(entries));
}

/**
 * Reads one line that {@link metricsLine} wrote.
 *
 * @param argument - Where the line is from, for the error: `metrics.jsonl line 3`.
 * @param line - The line, without the line break.
 * @returns The report's numbers.
 * @throws FormatError where it is no such line.
 */
export function parseMetricsLine(argument: string, line: string): Metrics {
  let metrics: unknown;
  try {
    metrics = JSON.parse(line);
  } catch (cause) {
    throw new FormatError(expectation(argument, "a JSON object", line), { cause });
  }
  if (isMetrics(metrics)) return metrics;
  throw new FormatError(expectation(argument, "a JSON object of numbers with steps among them", line));
}

function isMetrics(value: unknown): value is Metrics {
  if (typeof value !== "object" || value === null || !("steps" in value) || typeof value.steps !== "number")
    return false;
  return Object.values(value).every((member) => member === null || typeof member !== "object");
}

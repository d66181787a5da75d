import type { Row } from "./row.js";

/** How long and against whom a benchmark measures. */
export interface Settings {
  /** Turns of each contender. */
  readonly rounds: number;
  /** How long a turn of a repeated work takes, in milliseconds. */
  readonly turnMs: number;
  /** Whether programs use relaxed SIMD. */
  readonly relaxedSimd: boolean;
  /** Whether contenders in other languages take part. */
  readonly peers: boolean;
}

/** A measurement that takes too long, or needs too many packages, to be a test. */
export interface Benchmark {
  readonly name: string;
  /** What is measured, and what the arguments are. */
  readonly summary: string;
  /** Turns of each contender where the command line does not say. */
  readonly rounds: number;
  /** Measures. */
  run(parameters: readonly string[], settings: Settings): Promise<readonly Row[]>;
}

/** A mistake in the command line, told without a stack. */
export class UsageError extends Error {}

/** The integer that a parameter is, at least `least`; `fallback` where it is absent. */
export function integerParameter(name: string, text: string | undefined, fallback: number, least: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) {
    throw new UsageError(`${name}: expected an integer of at least ${least}, got ${text}`);
  }
  return value;
}

/** A measurement that takes too long, or needs too many packages, to be a test. */
export interface Benchmark {
  readonly name: string;
  /** What is measured, and what the arguments are. */
  readonly summary: string;
  /** Measures and prints. */
  run(parameters: readonly string[]): Promise<void>;
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

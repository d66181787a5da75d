import { expectation, FormatError, Random, type RandomState } from "@uphill/core-math";
import type { JsonValue } from "@uphill/envs";

/** What a lander's state was saved as. */
export interface FlightLog {
  /** The stream as it stood before the episode. */
  readonly stream: Random;
  /** Main and side power of each step, in turn; null where no episode has begun. */
  readonly powers: readonly number[] | null;
}

/**
 * Reads what a lander saved.
 *
 * @throws FormatError where it is damaged.
 */
export function readLog(saved: JsonValue): FlightLog {
  if (typeof saved !== "object" || saved === null || !("powers" in saved)) {
    throw new FormatError(expectation("state", "a saved lander", saved));
  }
  const stream = Random.fromState(saved["stream"] as unknown as RandomState);
  const powers: unknown = saved["powers"];
  if (powers === null) return { stream, powers };
  if (Array.isArray(powers) && powers.length % 2 === 0 && powers.every(isPower)) return { stream, powers };
  throw new FormatError(expectation("state.powers", "null or pairs of numbers in [-1, 1]", powers));
}

function isPower(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= 1;
}

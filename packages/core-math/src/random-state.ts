import { FormatError } from "./errors.js";
import { expectation } from "./require.js";

/** What seeds a stream: a non-negative integer (above 2⁵³ − 1 a bigint), or a non-empty array of non-negative integers. */
export type Seed = number | bigint | readonly number[];

/**
 * Where a {@link Random} stream stands, as plain JSON. (A type and no interface: only a type counts as an object of JSON
 * values.)
 */
export type RandomState = {
  /** The seed's 32-bit words, low word first. */
  readonly seed: readonly number[];
  /** The 32-bit words that tell this stream from others of the seed; empty for the first. */
  readonly spawnKey: readonly number[];
  /** PCG64's 128-bit state: 32 hexadecimal digits, high ones first. */
  readonly state: string;
  /** The half of a 64-bit output that waits for the next draw of 32 bits, or null. */
  readonly spare: number | null;
};

/**
 * A value that came from JSON, if it is a {@link RandomState}.
 *
 * @param argument - Name for the message.
 * @param value - Anything.
 * @throws FormatError where a field is missing or is not what it must be; further fields are ignored.
 */
export function parseRandomState(argument: string, value: unknown): RandomState {
  if (typeof value !== "object" || value === null) throw new FormatError(expectation(argument, "an object", value));
  const { seed, spawnKey, state, spare } = value as Partial<Record<keyof RandomState, unknown>>;
  if (!isWords(seed) || seed.length === 0) throw damaged(`${argument}.seed`, "one or more 32-bit integers", seed);
  if (!isWords(spawnKey)) throw damaged(`${argument}.spawnKey`, "an array of 32-bit integers", spawnKey);
  if (typeof state !== "string" || !/^[0-9a-f]{32}$/u.test(state)) {
    throw damaged(`${argument}.state`, "32 hexadecimal digits", state);
  }
  if (spare !== null && !isWord(spare)) throw damaged(`${argument}.spare`, "a 32-bit integer or null", spare);
  return { seed, spawnKey, state, spare };
}

function damaged(argument: string, allowed: string, value: unknown): FormatError {
  return new FormatError(expectation(argument, allowed, value));
}

function isWords(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isWord);
}

function isWord(value: unknown): value is number {
  return typeof value === "number" && value >>> 0 === value;
}

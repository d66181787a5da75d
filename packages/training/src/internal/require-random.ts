import { expectation, OptionError, Random } from "@uphill/core-math";

/**
 * The value, if it is a random stream.
 *
 * @throws OptionError for anything else.
 */
export function requireRandom(value: unknown): Random {
  if (value instanceof Random) return value;
  throw new OptionError(expectation("random", "a Random", value));
}

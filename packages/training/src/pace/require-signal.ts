import { expectation, OptionError } from "@uphill/core-math";

/**
 * The value, if it is an `AbortSignal` of any realm, or nothing.
 *
 * @param argument - Name for the error.
 * @param value - What the caller passed.
 * @returns `value`.
 * @throws OptionError for anything else.
 */
export function requireSignal(argument: string, value: unknown): AbortSignal | undefined {
  if (value === undefined || isSignal(value)) return value;
  throw new OptionError(expectation(argument, "an AbortSignal", value));
}

function isSignal(value: unknown): value is AbortSignal {
  if (typeof value !== "object" || value === null || !("aborted" in value)) return false;
  return typeof value.aborted === "boolean" && "addEventListener" in value;
}

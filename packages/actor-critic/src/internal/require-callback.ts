import { expectation, OptionError } from "@uphill/core-math";

/** @throws OptionError unless a callback is a function, or absent. */
export function requireCallback(argument: string, callback: unknown): void {
  if (callback === undefined || typeof callback === "function") return;
  throw new OptionError(expectation(argument, "a function", callback));
}

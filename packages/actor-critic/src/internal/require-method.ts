import { expectation, OptionError } from "@uphill/core-math";

/** @throws OptionError unless a value is an object with a method of this name. */
export function requireMethod(argument: string, value: unknown, method: string): void {
  if (typeof value === "object" && value !== null && typeof (value as Record<string, unknown>)[method] === "function") return;
  throw new OptionError(expectation(argument, `an object with a method ${method}`, value));
}

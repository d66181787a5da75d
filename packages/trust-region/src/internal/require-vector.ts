import { describe, expectation, OptionError, requireArray, requireFinite, ShapeError } from "@uphill/core-math";

/** The length of a vector of finite numbers, at least 1. */
export function requireVector(argument: string, values: ArrayLike<number>): number {
  const { length } = requireArray(argument, values);
  if (length === 0) throw new ShapeError(`${argument}: expected at least one number, got ${describe(values)}`);
  requireFinite(argument, values, [length]);
  return length;
}

/** Fails where a callback is none. */
export function requireFunction(argument: string, value: unknown): void {
  if (typeof value !== "function") throw new OptionError(expectation(argument, "a function", value));
}

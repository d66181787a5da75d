import { expect } from "vitest";
import { sameValue } from "../src/checks/same-value.js";

// For loops: an `expect` takes tens of microseconds, so that it is asked only where there is something wrong.

/** `expect(actual).toEqual(expected)`. */
export function expectSame(actual: unknown, expected: unknown, message?: string): void {
  if (!sameValue(actual, expected)) expect(actual, message).toEqual(expected);
}

/** `expect(value).toBeLessThanOrEqual(most)`. */
export function expectAtMost(value: number, most: number, message?: string): void {
  if (!(value <= most)) expect(value, message).toBeLessThanOrEqual(most);
}

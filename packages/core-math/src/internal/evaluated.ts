import { NumericalError } from "../errors.js";
import { expectation } from "../require.js";

/** A function's value at x; fails where that is NaN or no number. */
export function evaluated(f: (x: number) => number, x: number): number {
  const value = f(x);
  if (typeof value !== "number" || Number.isNaN(value)) throw new NumericalError(expectation(`f(${x})`, "a number", value));
  return value;
}

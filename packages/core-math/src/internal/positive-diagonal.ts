import { OptionError } from "../errors.js";
import { expectation } from "../require.js";
import { requireSquare } from "./matrix.js";

/** The number of rows of a Cholesky factor; fails naming a number on its diagonal that is not positive. */
export function requirePositiveDiagonal(factor: ArrayLike<number>): number {
  const n = requireSquare("factor", factor);
  for (let i = 0; i < n; i++) {
    const value = factor[i * n + i];
    if (!(value > 0)) throw new OptionError(expectation(`factor at [${i}, ${i}]`, "a positive number", value));
  }
  return n;
}

import { expOfSum } from "../exp.js";

/**
 * exp(−x² · factor) for a factor of 1 or 1/2, with x² to twice the precision: its rounding alone would cost x² units in
 * the last place.
 */
export function expOfMinusSquare(x: number, factor: number): number {
  const head = Math.fround(x);
  const square = head * head;
  const rest = (x - head) * (x + head);
  const sum = square + rest;
  // Beyond 40 the result is 0, and the squares may be infinite.
  return Math.abs(x) > 40 ? 0 : expOfSum(-factor * sum, -factor * (square - sum + rest));
}

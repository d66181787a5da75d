import { log } from "@uphill/core-math";

/** Below it a series keeps the digits that the difference would lose. */
const SMALL = 0.01;

/**
 * x − log(1 + x) ≥ 0, in full precision near 0, where it is x²/2.
 *
 * @param x - At least −1.
 * @param onePlus - 1 + x, in full precision near −1.
 */
export function lessLogOnePlus(x: number, onePlus: number): number {
  if (!(Math.abs(x) < SMALL)) return x - log(onePlus);
  let series = 1 / 9;
  for (let k = 8; k >= 2; k--) series = 1 / k - x * series;
  return x * x * series;
}

import { requireArray, requireProbabilities } from "@uphill/core-math";

/** Checks that p and q are distributions over the same outcomes, and returns how many there are. */
export function requireDistributions(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const { length } = requireArray("p", p);
  requireProbabilities("p", p, [length]);
  requireProbabilities("q", q, [length]);
  return length;
}

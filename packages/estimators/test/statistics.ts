import type { Random } from "@uphill/core-math";

/** Draws of N(mean, 1). */
export function normals(random: Random, count: number, mean = 0): Float64Array {
  const draws = new Float64Array(count);
  random.fillStandardNormal(draws);
  return draws.map((draw) => draw + mean);
}

/** The mean of numbers. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** The variance of numbers, over their count less one. */
export function varianceOf(values: ArrayLike<number>): number {
  const mean = meanOf(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - mean) * (values[i] - mean);
  return sum / (values.length - 1);
}

/** How many standard errors the mean of independent draws is from what it should be. */
export function standardErrors(draws: ArrayLike<number>, expected: number): number {
  return Math.abs(meanOf(draws) - expected) / Math.sqrt(varianceOf(draws) / draws.length);
}

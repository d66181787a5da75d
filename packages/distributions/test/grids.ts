import type { Grid } from "./harness.js";

/** Points from −reach to reach for the trapezoid rule, which for functions that vanish there is exact to a few digits short of all. */
export function lineGrid(reach: number, step: number): Grid {
  const half = Math.round(reach / step);
  const points = Array.from({ length: 2 * half + 1 }, (_, i) => (i - half) * step);
  return { points, weights: points.map(() => step) };
}

/**
 * Points in (low, high) that crowd at both ends, x = low + (high − low) σ(z), for the trapezoid rule in z: exact also for
 * densities whose derivatives, or which themselves, are infinite at an end.
 */
export function intervalGrid(low: number, high: number): Grid {
  const { points, weights } = lineGrid(36, 0.25);
  const shares = points.map((z) => 1 / (1 + Math.exp(-z)));
  return {
    points: shares.map((share) => low + (high - low) * share),
    weights: shares.map((share, i) => (high - low) * share * (1 - share) * weights[i]),
  };
}

/** All pairs of values of two grids. */
export function productGrid(a: Grid, b: Grid): Grid {
  return {
    points: a.points.flatMap((x) => b.points.flatMap((y) => [x, y])),
    weights: a.weights.flatMap((x) => b.weights.map((y) => x * y)),
  };
}

/** The integers from 0 up. */
export function indexGrid(count: number): Grid {
  return { points: Array.from({ length: count }, (_, i) => i), weights: Array<number>(count).fill(1) };
}

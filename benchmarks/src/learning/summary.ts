import { median, quantile } from "../harness/statistics.js";
import { curvePoints } from "./results-file.js";
import type { SeedResult } from "./results-file.js";

/** Median of the seeds' evaluations. */
export function medianReturn(seeds: readonly SeedResult[]): number {
  return median(seeds.map(({ meanReturn }) => meanReturn));
}

/** Median and quartiles of training's mean returns over the seeds; absent where a seed has no episode yet. */
export interface CurvePoint {
  readonly steps: number;
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

/** The seeds' learning curves as one. */
export function spreadCurve(seeds: readonly SeedResult[], steps: number): readonly CurvePoint[] {
  return Array.from({ length: curvePoints }, (_, i) => i).flatMap((i) => {
    const values = seeds.map(({ curve }) => curve[i]).filter((value) => value !== null);
    if (values.length === 0 || values.length < seeds.length) return [];
    return [
      {
        steps: ((i + 1) * steps) / curvePoints,
        lower: quantile(values, 0.25),
        median: median(values),
        upper: quantile(values, 0.75),
      },
    ];
  });
}

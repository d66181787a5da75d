import { RunningMoments } from "@uphill/core-math";

/** Targets of a regression on a scale of their own, and the way back. */
export interface TargetScale {
  /** (target − mean) / deviation. */
  readonly normalized: Float64Array;
  readonly mean: number;
  /** Their standard deviation; 1 where all are equal. */
  readonly deviation: number;
}

/** Targets with mean 0 and standard deviation 1, so that step sizes fit whatever the rewards' unit is. All are finite. */
export function targetScale(targets: Float64Array): TargetScale {
  const moments = new RunningMoments(1);
  moments.push(targets);
  const mean = moments.mean[0];
  const deviation = Math.sqrt(moments.variance()[0]) || 1;
  return { normalized: targets.map((target) => (target - mean) / deviation), mean, deviation };
}

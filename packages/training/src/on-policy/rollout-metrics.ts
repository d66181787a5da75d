import { explainedVariance } from "@uphill/core-math";
import type { Rollout } from "../rollout/rollout.js";

/** What a report says of a rollout, once its advantages and returns are there. */
export interface RolloutMetrics {
  /** 1 − Var[R − V] / Var[R] over the rollout: 1 is perfect, 0 or less says that the values explain nothing. */
  readonly explainedVariance: number;
  /** Standard deviation of the advantages over the rollout, before any normalisation: 0 says that all actions are equal. */
  readonly advantageDeviation: number;
}

/**
 * Explained variance of the values, and the spread of the advantages.
 *
 * @param rollout - `values`, `returns` and `advantages`, of one length.
 * @returns Both; the spread is that of the population.
 */
export function rolloutMetrics({
  values,
  returns,
  advantages,
}: Pick<Rollout, "values" | "returns" | "advantages">): RolloutMetrics {
  let mean = 0;
  for (const advantage of advantages) mean += advantage / advantages.length;
  let variance = 0;
  for (const advantage of advantages) variance += ((advantage - mean) * (advantage - mean)) / advantages.length;
  return { explainedVariance: explainedVariance(values, returns), advantageDeviation: Math.sqrt(variance) };
}

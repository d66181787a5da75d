import { requireFinite } from "@uphill/core-math";
import { importanceWeights, selfNormalizedWeights } from "./importance-weights.js";

/** What {@link selfNormalizedMean} takes. */
export interface WeightedSamples {
  /** f(x_k), finite, [K]. */
  readonly values: ArrayLike<number>;
  /** log p(x_k) − log q(x_k) in nats, [K], K ≥ 1; −∞ where p is 0. */
  readonly logRatios: ArrayLike<number>;
}

/** What {@link importanceSampledMean} takes. */
export interface ImportanceSampledMeanOptions extends WeightedSamples {
  /** The largest weight, above 0; none by default. */
  readonly clip?: number;
}

/**
 * The mean of f under p from samples of q: (1/K) Σ_k w_k f(x_k), w = p/q, at most the bound where one is given.
 *
 * Without bias where there is no bound; its variance is E_q[(w f)²] − E_p[f]², over K. (Owen 2013, section 9.1.)
 *
 * @param options - Values [K], log-ratios [K] and the bound.
 * @returns The estimate of E_p[f].
 * @throws As {@link importanceWeights}; ShapeError where the lengths disagree; NumericalError naming a value that is not
 *   finite.
 */
export function importanceSampledMean({ values, ...samples }: ImportanceSampledMeanOptions): number {
  const weights = importanceWeights(samples);
  requireFinite("values", values, [weights.length]);
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += weights[k] * values[k];
  return sum / weights.length;
}

/**
 * The self-normalised mean of f under p from samples of q: Σ_k w_k f(x_k) / Σ_k w_k, w = p/q.
 *
 * A mean of the values seen, so between the least and the largest, and c for a constant c; its bias is of order 1/K.
 * (Owen 2013, section 9.2.)
 *
 * @param samples - Values [K] and log-ratios [K].
 * @returns The estimate of E_p[f].
 * @throws As {@link selfNormalizedWeights}; ShapeError where the lengths disagree; NumericalError naming a value that is
 *   not finite.
 */
export function selfNormalizedMean({ values, logRatios }: WeightedSamples): number {
  const weights = selfNormalizedWeights({ logRatios });
  requireFinite("values", values, [weights.length]);
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += weights[k] * values[k];
  return sum;
}

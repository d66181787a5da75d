import { requireInteger } from "@uphill/core-math";
import { requireColumnsOf, requireSamples, resultArray } from "../internal/samples.js";

/** What {@link scoreGradient} takes. */
export interface ScoreGradientOptions {
  /** ∇_θ log π(a_t|s_t) of each step, row-major [T, N, D]; D is the length over T·N. */
  readonly scores: ArrayLike<number>;
  /** Ψ_t of each step, [T, N]. */
  readonly weights: ArrayLike<number>;
  /** By how many the sum is divided: the trajectories, for a gradient of the return; 1 by default. */
  readonly trajectories?: number;
  /** Where the result goes, [D]; a new array where left out. */
  readonly out?: Float64Array;
}

/**
 * The policy gradient from samples, each step's score with its own weight:
 *
 *     ĝ = (1/trajectories) Σ_t Ψ_t ∇log π(a_t|s_t)
 *
 * What Ψ is makes the estimator:
 *
 * - `episodeReturnPerStep`: the whole return, without temporal structure;
 * - `discountedReturns`: reward-to-go, without the rewards that came before the action; less variance, the same mean;
 * - reward-to-go less a baseline b(s_t); or an advantage, as of `gaeAdvantages`;
 * - any of them from reward-to-go on times `discountPerStep`: the exact gradient of the discounted return;
 * - importance-weighted, (π/μ)(a_t|s_t) Â_t a step, for data that is used again;
 * - 1: the gradient of the likelihood of the actions, as if all were alike good (see `demonstratedPolicy`).
 *
 * (Schulman et al. 2016, equation 1; Sutton et al. 2000 for the theorem.)
 *
 * @param options - Scores [T, N, D] and weights [T, N], at least one step.
 * @returns ĝ, [D]: `options.out`, or a new array.
 * @throws ShapeError for lengths that do not fit; NumericalError naming an element that is not finite; OptionError for a
 *   number of trajectories below 1.
 */
export function scoreGradient({ scores, weights, trajectories = 1, out }: ScoreGradientOptions): Float64Array {
  const count = requireSamples("weights", weights);
  requireInteger("trajectories", trajectories, { least: 1 });
  const size = requireColumnsOf("scores", scores, count);
  const gradient = resultArray(out, size).fill(0);
  for (let i = 0; i < count; i++) {
    const weight = weights[i] / trajectories;
    for (let d = 0; d < size; d++) gradient[d] += weight * scores[i * size + d];
  }
  return gradient;
}

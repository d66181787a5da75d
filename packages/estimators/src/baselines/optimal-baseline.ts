import { OptionError } from "@uphill/core-math";
import { requireColumnsOf, requireSamples } from "../internal/samples.js";

/** What {@link optimalBaseline} takes. */
export interface ScoredReturns {
  /** ∇_θ log p of each sample, finite, row-major [K, D]; D is the length over K. */
  readonly scores: ArrayLike<number>;
  /** R of each sample, finite, [K]. */
  readonly returns: ArrayLike<number>;
}

/**
 * The constant baseline of least variance, the returns' mean weighted by the squared norm of the score:
 *
 *     b = E[‖∇log p‖² R] / E[‖∇log p‖²]
 *
 * It minimises the summed variance of the components of ∇log p (R − b). The mean return, or V, is optimal only where
 * the score's norm does not depend on the return. (Weaver and Tao 2001; Greensmith et al. 2004.)
 *
 * @param options - Scores [K, D] and returns [K], K ≥ 1. Independent of the samples that it is subtracted from, b leaves
 *   the estimate's mean as it is.
 * @returns b.
 * @throws ShapeError for lengths that do not fit; NumericalError naming an element that is not finite; OptionError where
 *   all scores are zero.
 */
export function optimalBaseline({ scores, returns }: ScoredReturns): number {
  const count = requireSamples("returns", returns);
  const parameters = requireColumnsOf("scores", scores, count);
  let [weighted, total] = [0, 0];
  for (let k = 0; k < count; k++) {
    let norm = 0;
    for (let i = k * parameters; i < (k + 1) * parameters; i++) norm += scores[i] * scores[i];
    weighted += norm * returns[k];
    total += norm;
  }
  if (total === 0) throw new OptionError("scores: expected at least one that is not zero, got zeros only");
  return weighted / total;
}

import { hostOperation } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { requireBound, requireMatrices, requireVectors } from "../internal/matrix-tensors.js";
import { packedRows } from "../internal/packed-rows.js";
import type { CovarianceProjectionOptions, DiagonalProjectionOptions } from "./kl-projection.js";
import { shortened } from "./mean-projection.js";
import { wassersteinProjectionOperation } from "./wasserstein-projection-operation.js";

/**
 * The covariance whose square root is nearest to that of Σ, at a Wasserstein-2 distance of at most ε from Σ_old. The
 * squared distance is that of matrices that commute, in units of the old one:
 *
 *     d = tr(I + Σ_old⁻¹ Σ − 2 Σ_old^−½ Σ^½) = ‖Σ_old^−½ Σ^½ − I‖²
 *     Σ̃^½ = Σ_old^½ + √(ε/d) (Σ^½ − Σ_old^½) where d > ε, else Σ^½
 *
 * Positive definite, between two roots that are. Gradients flow to Σ, Σ_old and ε; they cannot be differentiated again.
 * (Otto et al. 2021, section 4.)
 *
 * @param options - Covariances [...batch, n, n] and ε.
 * @returns Σ̃, float32 [...batch, n, n].
 * @throws ShapeError or OptionError for tensors that do not fit, or a bound that is not above 0; when run, OptionError
 *   for a covariance that is not positive definite, naming its place in the batch.
 */
export function wassersteinProjection({ covariance, oldCovariance, bound }: CovarianceProjectionOptions): Tensor {
  const n = requireMatrices("covariance", covariance);
  requireMatrices("oldCovariance", oldCovariance, covariance.shape);
  const packed = hostOperation(wassersteinProjectionOperation, [covariance, oldCovariance, requireBound(bound)]);
  return packedRows(packed, 0, n).named("wassersteinProjection");
}

/**
 * {@link wassersteinProjection} of diagonal covariances: d = Σ_i (σ_i/σ_old,i − 1)², and σ̃ between σ_old and σ.
 *
 * @param options - Standard deviations [...batch, n] and ε.
 * @returns σ̃, float32 [...batch, n].
 * @throws ShapeError or OptionError for tensors that do not fit, or a bound that is not above 0.
 */
export function diagonalWassersteinProjection(options: DiagonalProjectionOptions): Tensor {
  const { standardDeviation, oldStandardDeviation, bound } = options;
  requireVectors("standardDeviation", standardDeviation);
  requireVectors("oldStandardDeviation", oldStandardDeviation, standardDeviation.shape);
  const distance = standardDeviation.div(oldStandardDeviation).sub(1).square().sum(-1, true);
  const projected = shortened(standardDeviation, oldStandardDeviation, distance, requireBound(bound));
  return projected.named("diagonalWassersteinProjection");
}

import type { Tensor } from "@uphill/autodiff";
import { requireBound, requireMatrices, requireVectors } from "../internal/matrix-tensors.js";
import type { CovarianceProjectionOptions, DiagonalProjectionOptions } from "./kl-projection.js";
import { shortened } from "./mean-projection.js";

/**
 * The covariance nearest to Σ among those whose squared Frobenius distance from Σ_old is at most ε:
 *
 *     d = ‖Σ − Σ_old‖² = tr((Σ − Σ_old)ᵀ (Σ − Σ_old)),   Σ̃ = Σ_old + √(ε/d) (Σ − Σ_old) where d > ε, else Σ
 *
 * Positive definite, between two matrices that are. Gradients flow to all arguments.
 * (Otto et al. 2021, section 4.)
 *
 * @param options - Covariances [...batch, n, n] and ε.
 * @returns Σ̃, float32 [...batch, n, n].
 * @throws ShapeError or OptionError for tensors that do not fit, or a bound that is not above 0.
 */
export function frobeniusProjection({ covariance, oldCovariance, bound }: CovarianceProjectionOptions): Tensor {
  requireMatrices("covariance", covariance);
  requireMatrices("oldCovariance", oldCovariance, covariance.shape);
  const distance = covariance.sub(oldCovariance).square().sum([-2, -1], true);
  return shortened(covariance, oldCovariance, distance, requireBound(bound)).named("frobeniusProjection");
}

/**
 * {@link frobeniusProjection} of diagonal covariances: d = Σ_i (σ_i² − σ_old,i²)², and σ̃² between σ_old² and σ².
 *
 * @param options - Standard deviations [...batch, n] and ε.
 * @returns σ̃, float32 [...batch, n].
 * @throws ShapeError or OptionError for tensors that do not fit, or a bound that is not above 0.
 */
export function diagonalFrobeniusProjection(options: DiagonalProjectionOptions): Tensor {
  const { standardDeviation, oldStandardDeviation, bound } = options;
  requireVectors("standardDeviation", standardDeviation);
  requireVectors("oldStandardDeviation", oldStandardDeviation, standardDeviation.shape);
  const [variance, old] = [standardDeviation.square(), oldStandardDeviation.square()];
  const distance = variance.sub(old).square().sum(-1, true);
  return shortened(variance, old, distance, requireBound(bound)).sqrt().named("diagonalFrobeniusProjection");
}

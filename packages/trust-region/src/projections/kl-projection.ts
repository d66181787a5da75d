import { hostOperation, where } from "@uphill/autodiff";
import type { Tensor, TensorLike } from "@uphill/autodiff";
import { requireBound, requireMatrices, requireVectors } from "../internal/matrix-tensors.js";
import { packedRows } from "../internal/packed-rows.js";
import { klInterpolation } from "./kl-interpolation.js";
import { klProjectionOperation } from "./kl-projection-operation.js";

/** Covariances, old and new, and how far apart they may be. */
export interface CovarianceProjectionOptions {
  /** Σ, symmetric positive definite, float32 [...batch, n, n]. */
  readonly covariance: Tensor;
  /** Σ_old, symmetric positive definite, of the same shape. */
  readonly oldCovariance: Tensor;
  /** ε > 0: a number, or a scalar tensor. */
  readonly bound: TensorLike;
}

/** Standard deviations, old and new, and how far apart they may be. */
export interface DiagonalProjectionOptions {
  /** σ > 0, float32 [...batch, n]. */
  readonly standardDeviation: Tensor;
  /** σ_old > 0, of the same shape. */
  readonly oldStandardDeviation: Tensor;
  /** ε > 0: a number, or a scalar tensor. */
  readonly bound: TensorLike;
}

/**
 * The covariance nearest to Σ, in KL divergence, among those whose divergence from Σ_old is at most ε:
 *
 *     Σ̃ = argmin KL(N(Σ̃) ‖ N(Σ))   subject to   ½ (tr(Σ_old⁻¹ Σ̃) − n + log det Σ_old − log det Σ̃) ≤ ε
 *     Σ̃⁻¹ = (Σ⁻¹ + η Σ_old⁻¹) / (1 + η)
 *
 * The multiplier η ≥ 0 of the bound is found to float64's precision; where the bound does not bind, Σ̃ is Σ itself. Both
 * divergences are KL(new ‖ ·), of the covariances alone. Gradients flow to Σ, Σ_old and ε by the implicit function
 * theorem at the solution; they cannot be differentiated again. (Otto et al. 2021, section 4.)
 *
 * @param options - Covariances [...batch, n, n] and ε in nats.
 * @returns Σ̃, float32 [...batch, n, n].
 * @throws ShapeError or OptionError for tensors that do not fit, or a bound that is not above 0; when run, OptionError
 *   for a covariance that is not positive definite, naming its place in the batch.
 */
export function klProjection({ covariance, oldCovariance, bound }: CovarianceProjectionOptions): Tensor {
  const n = requireMatrices("covariance", covariance);
  requireMatrices("oldCovariance", oldCovariance, covariance.shape);
  const packed = hostOperation(klProjectionOperation, [covariance, oldCovariance, requireBound(bound)]);
  return packedRows(packed, 0, n).named("klProjection");
}

/**
 * {@link klProjection} of diagonal covariances:
 *
 *     1/σ̃² = (1/σ² + η/σ_old²) / (1 + η),   ½ Σ (σ̃²/σ_old² − 1 − log(σ̃²/σ_old²)) ≤ ε
 *
 * Gradients flow to σ, σ_old and ε, and can be differentiated again. (Otto et al. 2021, section 4.)
 *
 * @param options - Standard deviations [...batch, n] and ε in nats.
 * @returns σ̃, float32 [...batch, n].
 * @throws ShapeError or OptionError for tensors that do not fit, or a bound that is not above 0.
 */
export function diagonalKlProjection(options: DiagonalProjectionOptions): Tensor {
  const { standardDeviation, oldStandardDeviation, bound } = options;
  requireVectors("standardDeviation", standardDeviation);
  requireVectors("oldStandardDeviation", oldStandardDeviation, standardDeviation.shape);
  const u = oldStandardDeviation.div(standardDeviation).square().sub(1);
  const t = klInterpolation(u, requireBound(bound));
  const projected = oldStandardDeviation.div(t.mul(u).add(1).sqrt());
  return where(t.broadcastTo(u.shape).greaterEqual(1), standardDeviation, projected).named("diagonalKlProjection");
}

import { maximum } from "@uphill/autodiff";
import type { Tensor, TensorLike } from "@uphill/autodiff";
import { requireNumber } from "@uphill/core-math";
import { requireFloat, requireMatrices, requireVectors } from "../internal/matrix-tensors.js";
import { logDeterminant } from "./cholesky.js";

/** What {@link entropyProjection} takes. */
export interface EntropyProjectionOptions {
  /** Σ, symmetric positive definite, float32 [...batch, n, n]. */
  readonly covariance: Tensor;
  /** β in nats, any finite number, or a scalar tensor. */
  readonly leastEntropy: TensorLike;
}

/** What {@link diagonalEntropyProjection} takes. */
export interface DiagonalEntropyProjectionOptions {
  /** σ > 0, float32 [...batch, n]. */
  readonly standardDeviation: Tensor;
  /** β in nats, any finite number, or a scalar tensor. */
  readonly leastEntropy: TensorLike;
}

/**
 * The covariance, scaled up until its normal distribution has an entropy of at least β:
 *
 *     H = ½ log det(2πe Σ),   Σ̃ = exp(2 max(β − H, 0) / n) Σ
 *
 * Correlations stay as they are. Gradients flow to Σ and β. (Akrour et al. 2019; Otto et al. 2021.)
 *
 * @param options - Covariances [...batch, n, n] and β.
 * @returns Σ̃, float32 [...batch, n, n].
 * @throws ShapeError or OptionError for tensors that do not fit; when run, OptionError for a covariance that is not
 *   positive definite, naming its place in the batch.
 */
export function entropyProjection({ covariance, leastEntropy }: EntropyProjectionOptions): Tensor {
  const n = requireMatrices("covariance", covariance);
  const entropy = logDeterminant(covariance).mul(0.5).add(n * unitEntropy);
  const growth = missing(entropy, leastEntropy).mul(2 / n).exp();
  return covariance.mul(growth.reshape([...growth.shape, 1, 1])).named("entropyProjection");
}

/**
 * {@link entropyProjection} of diagonal covariances: H = Σ log σ_i + (n/2) log 2πe, σ̃ = exp(max(β − H, 0) / n) σ.
 *
 * @param options - Standard deviations [...batch, n] and β.
 * @returns σ̃, float32 [...batch, n].
 * @throws ShapeError or OptionError for tensors that do not fit.
 */
export function diagonalEntropyProjection({ standardDeviation, leastEntropy }: DiagonalEntropyProjectionOptions): Tensor {
  const n = requireVectors("standardDeviation", standardDeviation);
  const entropy = standardDeviation.log().sum(-1, true).add(n * unitEntropy);
  return standardDeviation.mul(missing(entropy, leastEntropy).div(n).exp()).named("diagonalEntropyProjection");
}

/** ½ log 2πe, the entropy of a normal of variance 1, in nats. */
const unitEntropy = 1.4189385332046727;

function missing(entropy: Tensor, leastEntropy: TensorLike): Tensor {
  const least = typeof leastEntropy === "number" ? requireNumber("leastEntropy", leastEntropy) : requireFloat("leastEntropy", leastEntropy, []);
  return maximum(entropy.neg().add(least), 0);
}

import { hostOperation, maximum, where } from "@uphill/autodiff";
import type { HostOperation, Tensor, TensorLike } from "@uphill/autodiff";
import { choleskyFactorAt, solveLowerTriangularAt, solveLowerTriangularTransposedAt } from "@uphill/core-math";
import { requireBound, requireFloat, requireMatrices, requireVectors } from "../internal/matrix-tensors.js";
import { loadSymmetric } from "../internal/small-matrices.js";
import { matrices, scratchBySize } from "../internal/scratch.js";
import { notPositiveDefinite } from "./cholesky.js";

/** What {@link meanProjection} takes. */
export interface MeanProjectionOptions {
  /** μ, float32 [...batch, n]. */
  readonly mean: Tensor;
  /** μ_old, of the same shape. */
  readonly oldMean: Tensor;
  /** Σ_old, symmetric positive definite, [...batch, n, n]. */
  readonly oldCovariance: Tensor;
  /** ε > 0, of the squared distance: a number, or a scalar tensor. */
  readonly bound: TensorLike;
}

/** What {@link diagonalMeanProjection} takes. */
export interface DiagonalMeanProjectionOptions {
  /** μ, float32 [...batch, n]. */
  readonly mean: Tensor;
  /** μ_old, of the same shape. */
  readonly oldMean: Tensor;
  /** σ_old > 0, of the same shape. */
  readonly oldStandardDeviation: Tensor;
  /** ε > 0, of the squared distance: a number, or a scalar tensor. */
  readonly bound: TensorLike;
}

/**
 * The mean nearest to μ among those whose squared Mahalanobis distance from μ_old is at most ε:
 *
 *     d = (μ − μ_old)ᵀ Σ_old⁻¹ (μ − μ_old),   μ̃ = μ_old + √(ε/d) (μ − μ_old) where d > ε, else μ
 *
 * ½ d is the part of KL(N(μ, Σ) ‖ N(μ_old, Σ_old)) that the means have. Gradients flow to all arguments.
 * (Otto et al. 2021, section 4.)
 *
 * @param options - Means [...batch, n], the old covariance and ε.
 * @returns μ̃, float32 [...batch, n].
 * @throws ShapeError or OptionError for tensors that do not fit, or a bound that is not above 0; when run, OptionError
 *   for a covariance that is not positive definite, naming its place in the batch.
 */
export function meanProjection({ mean, oldMean, oldCovariance, bound }: MeanProjectionOptions): Tensor {
  const n = requireVectors("mean", mean);
  requireFloat("oldMean", oldMean, mean.shape);
  requireMatrices("oldCovariance", oldCovariance, [...mean.shape, n]);
  const step = mean.sub(oldMean);
  const distance = step.mul(hostOperation(solve, [oldCovariance, step])).sum(-1, true);
  return shortened(mean, oldMean, distance, requireBound(bound)).named("meanProjection");
}

/**
 * {@link meanProjection} for a diagonal covariance: d = Σ_i ((μ_i − μ_old,i) / σ_old,i)².
 *
 * @param options - Means and standard deviations [...batch, n], and ε.
 * @returns μ̃, float32 [...batch, n].
 * @throws ShapeError or OptionError for tensors that do not fit, or a bound that is not above 0.
 */
export function diagonalMeanProjection(options: DiagonalMeanProjectionOptions): Tensor {
  const { mean, oldMean, oldStandardDeviation, bound } = options;
  requireVectors("mean", mean);
  requireFloat("oldMean", oldMean, mean.shape);
  requireFloat("oldStandardDeviation", oldStandardDeviation, mean.shape);
  const distance = mean.sub(oldMean).div(oldStandardDeviation).square().sum(-1, true);
  return shortened(mean, oldMean, distance, requireBound(bound)).named("diagonalMeanProjection");
}

/**
 * x where its squared distance from `old` is within the bound, else the point at the bound on the line between them:
 * for distances that are norms, old + √(ε/d) (x − old). `distance` has the rank of x, and stretches to it.
 */
export function shortened(x: Tensor, old: Tensor, distance: Tensor, bound: Tensor): Tensor {
  const scale = bound.div(maximum(distance, bound)).sqrt();
  const projected = old.add(scale.mul(x.sub(old)));
  return where(distance.lessEqual(bound).broadcastTo(x.shape), x, projected);
}

const scratchOf = scratchBySize((n) => matrices(n, "factor", "solution"));

/** Σ⁻¹ b: Σ [..., n, n] and b [..., n] → [..., n], by the Cholesky factor. Its derivative is a solve again. */
const solve: HostOperation = {
  name: "meanProjection",
  shape: ([, vectors]) => vectors,
  compute: ([covariance, vectors], out) => {
    const n = vectors.shape[vectors.shape.length - 1];
    const { factor, solution } = scratchOf(n);
    for (let start = 0; start < out.data.length; start += n) {
      loadSymmetric(covariance.data, start * n, n, factor);
      if (choleskyFactorAt(factor, 0, n, factor, 0) < n) throw notPositiveDefinite("oldCovariance", start / n);
      for (let i = 0; i < n; i++) solution[i] = vectors.data[start + i];
      solveLowerTriangularAt(factor, 0, n, solution, 0);
      solveLowerTriangularTransposedAt(factor, 0, n, solution, 0);
      for (let i = 0; i < n; i++) out.data[start + i] = solution[i];
    }
  },
  // x = Σ⁻¹ b: b̄ = Σ⁻¹ x̄ and Σ̄ = −½ (b̄ xᵀ + x b̄ᵀ).
  reverse: ([covariance, vectors], cotangent, result) => {
    const { shape } = covariance;
    const moved = hostOperation(solve, [covariance, cotangent]);
    const row = (x: Tensor): Tensor => x.reshape([...vectors.shape.slice(0, -1), 1, shape[shape.length - 1]]);
    const column = (x: Tensor): Tensor => x.reshape([...vectors.shape, 1]);
    const outer = column(moved).mul(row(result)).add(column(result).mul(row(moved)));
    return [outer.mul(-0.5), moved];
  },
};

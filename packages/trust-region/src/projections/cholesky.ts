import { constant, hostOperation, where } from "@uphill/autodiff";
import type { HostArray, HostOperation, Tensor } from "@uphill/autodiff";
import { choleskyFactorAt, OptionError, solveLowerTriangularTransposedAt } from "@uphill/core-math";
import { requireMatrices } from "../internal/matrix-tensors.js";
import { matrixCount } from "../internal/packed-rows.js";
import { load, loadSymmetric, multiplyTransposed, store, transpose } from "../internal/small-matrices.js";
import { matrices, scratchBySize } from "../internal/scratch.js";

/**
 * The covariance of a `fullNormal` of `@uphill/distributions`, from its factor:
 *
 *     Σ = L Lᵀ,   L_ij = factor_ij for i > j,   L_ii = exp factor_ii
 *
 * Gradients flow to the factor, none to what stands above its diagonal.
 *
 * @param factor - float32 [...batch, n, n].
 * @returns Σ, float32 [...batch, n, n].
 * @throws ShapeError or OptionError for what is no tensor of square matrices.
 */
export function covarianceOfFactor(factor: Tensor): Tensor {
  const n = requireMatrices("factor", factor);
  const below = triangle(n, (i, j) => i > j);
  const lower = where(below.broadcastTo(factor.shape), factor, 0).add(onDiagonal(diagonalOf(factor, n).exp(), n));
  const batch = factor.shape.slice(0, -2);
  return lower.reshape([...batch, n, 1, n]).mul(lower.reshape([...batch, 1, n, n])).sum(-1);
}

/**
 * The factor that {@link covarianceOfFactor} takes, of a covariance:
 *
 *     Σ = L Lᵀ,   factor_ij = L_ij for i > j,   factor_ii = log L_ii,   0 above
 *
 * Gradients flow to the covariance; they cannot be differentiated again. (Murray 2016.)
 *
 * @param covariance - Σ, symmetric positive definite, float32 [...batch, n, n].
 * @returns The factor, float32 [...batch, n, n].
 * @throws ShapeError or OptionError for what is no tensor of square matrices; when run, OptionError for a covariance that
 *   is not positive definite, naming its place in the batch.
 */
export function factorOfCovariance(covariance: Tensor): Tensor {
  const n = requireMatrices("covariance", covariance);
  const lower = hostOperation(cholesky, [covariance]);
  const below = triangle(n, (i, j) => i > j);
  return where(below.broadcastTo(lower.shape), lower, 0).add(onDiagonal(diagonalOf(lower, n).log(), n));
}

/** log det Σ = 2 Σ log L_ii, [...batch]. */
export function logDeterminant(covariance: Tensor): Tensor {
  const n = requireMatrices("covariance", covariance);
  return diagonalOf(hostOperation(cholesky, [covariance]), n).log().sum(-1).mul(2);
}

/** Throws for the matrix of a batch that has no Cholesky factor. */
export function notPositiveDefinite(argument: string, index: number): OptionError {
  return new OptionError(`${argument} at [${index}]: expected a symmetric positive definite matrix`);
}

const scratchOf = scratchBySize((n) => matrices(n, "factor", "given", "product"));

const cholesky: HostOperation = {
  name: "cholesky",
  shape: ([shape]) => shape,
  compute: ([covariance], out) => {
    const n = covariance.shape[covariance.shape.length - 1];
    const { factor } = scratchOf(n);
    for (let index = 0; index < matrixCount(covariance); index++) {
      loadSymmetric(covariance.data, index * n * n, n, factor);
      if (choleskyFactorAt(factor, 0, n, factor, 0) < n) throw notPositiveDefinite("covariance", index);
      store(factor, n * n, out.data, index * n * n);
    }
  },
  reverse: (_, cotangent, result) => [hostOperation(choleskyReverse, [result, cotangent])],
};

/** Σ̄ = ½ L⁻ᵀ (Φ + Φᵀ) L⁻¹, where Φ is the lower triangle of Lᵀ L̄ with half its diagonal. */
const choleskyReverse: HostOperation = {
  name: "cholesky gradient",
  shape: ([shape]) => shape,
  compute: ([lower, cotangent], out) => {
    const n = lower.shape[lower.shape.length - 1];
    for (let index = 0; index < matrixCount(lower); index++) reverse(lower, cotangent, n, index * n * n, out);
  },
  reverse: () => {
    throw new OptionError("cholesky: expected a first derivative, got a second");
  },
};

function reverse(lower: HostArray, cotangent: HostArray, n: number, offset: number, out: HostArray): void {
  const { factor, given, product } = scratchOf(n);
  load(lower.data, offset, n * n, factor);
  load(cotangent.data, offset, n * n, given);
  multiplyTransposed(factor, given, n, product);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) product[j * n + i] = product[i * n + j];
  }
  // ½ (Φ + Φᵀ) has half of each product below and above the diagonal, and half of each on it.
  for (let i = 0; i < n * n; i++) product[i] /= 2;
  solveLowerTriangularTransposedAt(factor, 0, n, product, 0, n);
  transpose(product, n);
  solveLowerTriangularTransposedAt(factor, 0, n, product, 0, n);
  store(product, n * n, out.data, offset);
}

/** 1 where the rule says so, else 0: int32 [n, n]. */
function triangle(n: number, holds: (i: number, j: number) => boolean): Tensor {
  const mask = Array.from({ length: n * n }, (_, k) => (holds(Math.floor(k / n), k % n) ? 1 : 0));
  return constant(mask, [n, n], "int32");
}

/** [...batch, n, n] → [...batch, n]. */
function diagonalOf(square: Tensor, n: number): Tensor {
  return where(triangle(n, (i, j) => i === j).broadcastTo(square.shape), square, 0).sum(-1);
}

/** [...batch, n] → [...batch, n, n], zeros off the diagonal. */
function onDiagonal(vectors: Tensor, n: number): Tensor {
  const shape = [...vectors.shape, n];
  const columns = vectors.reshape([...vectors.shape, 1]).broadcastTo(shape);
  return where(triangle(n, (i, j) => i === j).broadcastTo(shape), columns, 0);
}

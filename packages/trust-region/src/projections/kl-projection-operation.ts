import { hostOperation } from "@uphill/autodiff";
import type { HostArray, HostOperation } from "@uphill/autodiff";
import {
  choleskyFactorAt,
  choleskyLogDeterminantAt,
  solveLowerTriangularAt,
  symmetricEigenAt,
} from "@uphill/core-math";
import { klStep } from "../internal/kl-step.js";
import { matrixCount, packedRows, packedShape } from "../internal/packed-rows.js";
import { fromEigen, loadSymmetric, multiply, store, transpose } from "../internal/small-matrices.js";
import { matrices, scratchBySize } from "../internal/scratch.js";
import { notPositiveDefinite } from "./cholesky.js";
import { requirePositiveBound } from "./kl-interpolation.js";
import { klProjectionReverse, klProjectionReverseToOld } from "./kl-projection-gradient.js";

/**
 * The KL projection of full covariances: Σ, Σ_old [..., n, n] and ε [] → rows of n numbers, for each matrix:
 *
 * - 0 … n − 1: Σ̃;
 * - n … 2n − 1: V, and in row 2n: s, the eigenvectors and eigenvalues of C = L⁻¹ Σ L⁻ᵀ, Σ_old = L Lᵀ;
 * - 2n + 1: t = 1/(1 + η) in its first place, 1 where the bound does not bind.
 *
 * In that basis the projection is s̃ = 1/(1 + t u), u = 1/s − 1. What follows Σ̃ is for the reverse rule alone.
 */
export const klProjectionOperation: HostOperation = {
  name: "klProjection",
  shape: ([covariance]) => packedShape(covariance, 2 * (covariance.at(-1) as number) + 2),
  compute: ([covariance, oldCovariance, bound], out) => {
    const n = covariance.shape[covariance.shape.length - 1];
    requirePositiveBound(bound.data[0]);
    for (let index = 0; index < matrixCount(covariance); index++) project(covariance, oldCovariance, bound.data[0], n, index, out);
  },
  reverse: ([, oldCovariance, bound], cotangent, result) => {
    const n = oldCovariance.shape.at(-1) as number;
    const inputs = [result, oldCovariance, cotangent];
    const packed = hostOperation(klProjectionReverse, inputs);
    const boundCotangent = packedRows(packed, n, n + 1).slice(packed.shape.length - 1, 0, 1).sum();
    // Two operations, so that what is not needed is not computed.
    return [packedRows(packed, 0, n), hostOperation(klProjectionReverseToOld, inputs), boundCotangent.broadcastTo(bound.shape)];
  },
};

const scratchOf = scratchBySize((n) => matrices(n, "sigma", "factor", "relative", "vectors", "values", "scratch"));

function project(covariance: HostArray, oldCovariance: HostArray, bound: number, n: number, index: number, out: HostArray): void {
  const { sigma, factor, relative, vectors, values, scratch } = scratchOf(n);
  const [from, to] = [index * n * n, index * (2 * n + 2) * n];
  loadSymmetric(covariance.data, from, n, sigma);
  loadSymmetric(oldCovariance.data, from, n, factor);
  if (choleskyFactorAt(factor, 0, n, factor, 0) < n) throw notPositiveDefinite("oldCovariance", index);
  relative.set(sigma);
  solveLowerTriangularAt(factor, 0, n, relative, 0, n);
  transpose(relative, n);
  solveLowerTriangularAt(factor, 0, n, relative, 0, n);
  if (choleskyFactorAt(relative, 0, n, scratch, 0) < n) throw notPositiveDefinite("covariance", index);
  let divergence = -n - choleskyLogDeterminantAt(scratch, 0, n);
  for (let i = 0; i < n; i++) divergence += relative[i * n + i];
  let t = 1;
  if (divergence / 2 > bound) {
    symmetricEigenAt(relative, 0, n, values, 0, vectors, 0);
    store(vectors, n * n, out.data, to + n * n);
    store(values, n, out.data, to + 2 * n * n);
    for (let i = 0; i < n; i++) scratch[i] = 1 / values[i] - 1;
    t = klStep(scratch, 0, n, bound);
    for (let i = 0; i < n; i++) values[i] = 1 / (1 + t * scratch[i]);
    multiply(factor, vectors, n, relative);
    if (t < 1) fromEigen(relative, values, n, sigma);
  }
  // Where the bound does not bind, Σ̃ is Σ to the bit.
  if (t < 1) store(sigma, n * n, out.data, to);
  else for (let i = 0; i < n * n; i++) out.data[to + i] = covariance.data[from + i];
  out.data[to + (2 * n + 1) * n] = t;
}

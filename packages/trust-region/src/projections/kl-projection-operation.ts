import { hostOperation } from "@uphill/autodiff";
import type { HostArray, HostOperation } from "@uphill/autodiff";
import {
  choleskyFactorAt,
  choleskyLogDeterminantAt,
  OptionError,
  solveLowerTriangularAt,
  solveLowerTriangularTransposedAt,
  symmetricEigenAt,
} from "@uphill/core-math";
import { klStep } from "../internal/kl-step.js";
import { matrixCount, packedRows, packedShape } from "../internal/packed-rows.js";
import { congruence, fromEigen, load, loadSymmetric, multiply, multiplyTransposed, store, transpose } from "../internal/small-matrices.js";
import { matrices, scratchBySize } from "../internal/scratch.js";
import { notPositiveDefinite } from "./cholesky.js";
import { requirePositiveBound } from "./kl-interpolation.js";

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

const scratchOf = scratchBySize((n) => ({
  ...matrices(n, "sigma", "factor", "relative", "vectors", "values", "scratch", "dual", "moved", "weights"),
  ...matrices(n, "u", "projected", "share"),
}));

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

/**
 * The cotangents of the inputs, from what {@link klProjectionOperation} left, Σ_old, and the cotangent of its rows, of
 * which those of Σ̃ count. With W = L V, Z = L⁻ᵀ V, H = Wᵀ G W for the cotangent's symmetric part G, a = s̃/s,
 * R = Σ H_ii s̃_i² u_i / w and w = Σ s̃_i² u_i², the derivatives of t from k(t, Σ, Σ_old) = ε give
 *
 *     Σ̄ = Z (t a_i a_j H_ij − δ_ij R t u_i a_i²) Zᵀ,   ε̄ = −2 R / t
 *     Σ̄_old = Z ((1 − t) s̃_i s̃_j H_ij − δ_ij R u_i s̃_i ((1 − t) s̃_i − 1)) Zᵀ
 *
 * This one gives n rows of Σ̄, and ε̄ in the first place of row n; the next one gives Σ̄_old.
 */
const klProjectionReverse: HostOperation = {
  name: "klProjection gradient",
  shape: ([, oldCovariance]) => packedShape(oldCovariance, (oldCovariance.at(-1) as number) + 1),
  compute: ([packed, oldCovariance, cotangent], out) => {
    const n = oldCovariance.shape[oldCovariance.shape.length - 1];
    for (let index = 0; index < matrixCount(oldCovariance); index++) {
      const [from, to] = [index * (2 * n + 2) * n, index * (n + 1) * n];
      const t = packed.data[from + (2 * n + 1) * n];
      const boundCotangent = t < 1 ? reverse(packed, oldCovariance, cotangent, t, n, index, out, to) : 0;
      if (t === 1) for (let i = 0; i < n * n; i++) out.data[to + i] = cotangent.data[from + i];
      for (let i = 0; i < n; i++) out.data[to + n * n + i] = i === 0 ? boundCotangent : 0;
    }
  },
  reverse: refuseSecondDerivative,
};

const klProjectionReverseToOld: HostOperation = {
  name: "klProjection gradient",
  shape: ([, oldCovariance]) => oldCovariance,
  compute: ([packed, oldCovariance, cotangent], out) => {
    const n = oldCovariance.shape[oldCovariance.shape.length - 1];
    for (let index = 0; index < matrixCount(oldCovariance); index++) {
      const t = packed.data[index * (2 * n + 2) * n + (2 * n + 1) * n];
      const to = index * n * n;
      if (t < 1) reverseToOld(packed, oldCovariance, cotangent, t, n, index, out, to);
      else out.data.fill(0, to, to + n * n);
    }
  },
  reverse: refuseSecondDerivative,
};

function refuseSecondDerivative(): never {
  throw new OptionError("klProjection: expected a first derivative, got a second");
}

/** Writes Σ̄; gives ε̄. */
function reverse(
  packed: HostArray,
  oldCovariance: HostArray,
  cotangent: HostArray,
  t: number,
  n: number,
  index: number,
  out: HostArray,
  to: number,
): number {
  const ratio = moveToBasis(packed, oldCovariance, cotangent, t, n, index);
  const { relative: product, dual, moved, scratch, weights, u, projected, share } = scratchOf(n);
  for (let i = 0; i < n; i++) share[i] = projected[i] * (1 + u[i]);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) weights[i * n + j] = t * share[i] * share[j] * moved[i * n + j];
    weights[i * n + i] -= ratio * t * u[i] * share[i] * share[i];
  }
  congruence(dual, weights, n, scratch, product);
  store(product, n * n, out.data, to);
  return (-2 * ratio) / t;
}

/** Writes Σ̄_old. */
function reverseToOld(
  packed: HostArray,
  oldCovariance: HostArray,
  cotangent: HostArray,
  t: number,
  n: number,
  index: number,
  out: HostArray,
  to: number,
): void {
  const ratio = moveToBasis(packed, oldCovariance, cotangent, t, n, index);
  const { relative: product, dual, moved, scratch, weights, u, projected } = scratchOf(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) weights[i * n + j] = (1 - t) * projected[i] * projected[j] * moved[i * n + j];
    weights[i * n + i] -= ratio * u[i] * projected[i] * ((1 - t) * projected[i] - 1);
  }
  congruence(dual, weights, n, scratch, product);
  store(product, n * n, out.data, to);
}

/** Leaves Z, H, u and s̃ in the scratch memory; gives R. */
function moveToBasis(packed: HostArray, oldCovariance: HostArray, cotangent: HostArray, t: number, n: number, index: number): number {
  const { factor, relative: basis, dual, moved, scratch, u, projected } = scratchOf(n);
  const from = index * (2 * n + 2) * n;
  loadSymmetric(oldCovariance.data, index * n * n, n, factor);
  choleskyFactorAt(factor, 0, n, factor, 0);
  load(packed.data, from + n * n, n * n, dual);
  multiply(factor, dual, n, basis);
  solveLowerTriangularTransposedAt(factor, 0, n, dual, 0, n);
  // The factor has served; G takes its place.
  loadSymmetric(cotangent.data, from, n, factor);
  multiply(factor, basis, n, scratch);
  multiplyTransposed(basis, scratch, n, moved);
  let [weighted, norm] = [0, 0];
  for (let i = 0; i < n; i++) {
    u[i] = 1 / packed.data[from + 2 * n * n + i] - 1;
    projected[i] = 1 / (1 + t * u[i]);
    const slope = projected[i] * projected[i] * u[i];
    weighted += moved[i * n + i] * slope;
    norm += slope * u[i];
  }
  return weighted / norm;
}

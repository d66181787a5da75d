import type { HostArray, HostOperation } from "@uphill/autodiff";
import { choleskyFactorAt, OptionError, solveLowerTriangularTransposedAt } from "@uphill/core-math";
import { matrixCount, packedShape } from "../internal/packed-rows.js";
import { matrices, scratchBySize } from "../internal/scratch.js";
import { congruence, load, loadSymmetric, multiply, multiplyTransposed, store } from "../internal/small-matrices.js";

const scratchOf = scratchBySize((n) =>
  matrices(n, "factor", "relative", "scratch", "dual", "moved", "weights", "u", "projected", "share"),
);

/**
 * The cotangents of the inputs, from what `klProjectionOperation` left, Σ_old, and the cotangent of its rows, of
 * which those of Σ̃ count. With W = L V, Z = L⁻ᵀ V, H = Wᵀ G W for the cotangent's symmetric part G, a = s̃/s,
 * R = Σ H_ii s̃_i² u_i / w and w = Σ s̃_i² u_i², the derivatives of t from k(t, Σ, Σ_old) = ε give
 *
 *     Σ̄ = Z (t a_i a_j H_ij − δ_ij R t u_i a_i²) Zᵀ,   ε̄ = −2 R / t
 *     Σ̄_old = Z ((1 − t) s̃_i s̃_j H_ij − δ_ij R u_i s̃_i ((1 − t) s̃_i − 1)) Zᵀ
 *
 * This one gives n rows of Σ̄, and ε̄ in the first place of row n; the next one gives Σ̄_old.
 */
export const klProjectionReverse: HostOperation = {
  name: "klProjection gradient",
  shape: ([, oldCovariance]) => packedShape(oldCovariance, (oldCovariance.at(-1) as number) + 1),
  compute: (inputs, out) => {
    const [packed, oldCovariance, cotangent] = inputs;
    const n = oldCovariance.shape[oldCovariance.shape.length - 1];
    for (let index = 0; index < matrixCount(oldCovariance); index++) {
      const [from, to] = [index * (2 * n + 2) * n, index * (n + 1) * n];
      const t = packed.data[from + (2 * n + 1) * n];
      const boundCotangent = t < 1 ? reverse(inputs, t, n, index, out, to) : 0;
      if (t === 1) for (let i = 0; i < n * n; i++) out.data[to + i] = cotangent.data[from + i];
      for (let i = 0; i < n; i++) out.data[to + n * n + i] = i === 0 ? boundCotangent : 0;
    }
  },
  reverse: refuseSecondDerivative,
};

/** See {@link klProjectionReverse}. */
export const klProjectionReverseToOld: HostOperation = {
  name: "klProjection gradient",
  shape: ([, oldCovariance]) => oldCovariance,
  compute: (inputs, out) => {
    const [packed, oldCovariance] = inputs;
    const n = oldCovariance.shape[oldCovariance.shape.length - 1];
    for (let index = 0; index < matrixCount(oldCovariance); index++) {
      const t = packed.data[index * (2 * n + 2) * n + (2 * n + 1) * n];
      const to = index * n * n;
      if (t < 1) reverseToOld(inputs, t, n, index, out, to);
      else out.data.fill(0, to, to + n * n);
    }
  },
  reverse: refuseSecondDerivative,
};

function refuseSecondDerivative(): never {
  throw new OptionError("klProjection: expected a first derivative, got a second");
}

/** Writes Σ̄; gives ε̄. */
function reverse(inputs: readonly HostArray[], t: number, n: number, index: number, out: HostArray, to: number): number {
  const ratio = moveToBasis(inputs, t, n, index);
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
function reverseToOld(inputs: readonly HostArray[], t: number, n: number, index: number, out: HostArray, to: number): void {
  const ratio = moveToBasis(inputs, t, n, index);
  const { relative: product, dual, moved, scratch, weights, u, projected } = scratchOf(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) weights[i * n + j] = (1 - t) * projected[i] * projected[j] * moved[i * n + j];
    weights[i * n + i] -= ratio * u[i] * projected[i] * ((1 - t) * projected[i] - 1);
  }
  congruence(dual, weights, n, scratch, product);
  store(product, n * n, out.data, to);
}

/** Leaves Z, H, u and s̃ in the scratch memory; gives R. */
function moveToBasis([packed, oldCovariance, cotangent]: readonly HostArray[], t: number, n: number, index: number): number {
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

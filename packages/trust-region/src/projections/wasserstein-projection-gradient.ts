import type { HostArray, HostOperation } from "@uphill/autodiff";
import { OptionError } from "@uphill/core-math";
import { matrixCount, packedShape } from "../internal/packed-rows.js";
import { matrices, scratchBySize } from "../internal/scratch.js";
import {
  congruence,
  fromEigen,
  load,
  loadSymmetric,
  multiply,
  multiplyByTransposed,
  multiplyTransposed,
  store,
} from "../internal/small-matrices.js";

const scratchOf = scratchBySize((n) =>
  matrices(n, "vectors", "oldVectors", "values", "oldValues", "root", "oldRoot", "ratio", "slope", "moved", "given"),
);

/**
 * The cotangents of the inputs, from what `wassersteinProjectionOperation` left, ε, and the cotangent of its rows,
 * of which those of Σ̃ count. With S, S_o and S̃ the roots, K = S_o⁻¹ S, M = S_o⁻¹ (K − I) and G the cotangent's
 * symmetric part:
 *
 *     T = G S̃ + S̃ G,   τ̄ = ⟨T, S − S_o⟩,   d̄ = −½ τ³ τ̄ / ε,   ε̄ = ½ τ τ̄ / ε
 *     S̄ = τ T + d̄ (M + Mᵀ),   S̄_o = (1 − τ) T − d̄ (M Kᵀ + K Mᵀ)
 *
 * and from the cotangent of a root to that of its square by the Lyapunov equation S Σ̄ + Σ̄ S = S̄.
 *
 * This one gives n rows of Σ̄, and ε̄ in the first place of row n; the next one gives Σ̄_old.
 */
export const wassersteinProjectionReverse: HostOperation = {
  name: "wassersteinProjection gradient",
  shape: ([packed]) => packedShape(packed, (packed.at(-1) as number) + 1),
  compute: (inputs, out) => {
    const [packed, bound, cotangent] = inputs;
    const n = packed.shape[packed.shape.length - 1];
    for (let index = 0; index < matrixCount(packed); index++) {
      const [from, to] = [index * (3 * n + 3) * n, index * (n + 1) * n];
      const share = packed.data[from + (3 * n + 2) * n];
      const along = share < 1 ? reverse(inputs, share, n, from, out, to) : 0;
      if (share === 1) for (let i = 0; i < n * n; i++) out.data[to + i] = cotangent.data[from + i];
      for (let i = 0; i < n; i++) out.data[to + n * n + i] = i === 0 ? (0.5 * share * along) / bound.data[0] : 0;
    }
  },
  reverse: refuseSecondDerivative,
};

/** See {@link wassersteinProjectionReverse}. */
export const wassersteinProjectionReverseToOld: HostOperation = {
  name: "wassersteinProjection gradient",
  shape: ([packed]) => packedShape(packed, packed.at(-1) as number),
  compute: (inputs, out) => {
    const [packed] = inputs;
    const n = packed.shape[packed.shape.length - 1];
    for (let index = 0; index < matrixCount(packed); index++) {
      const [from, to] = [index * (3 * n + 3) * n, index * n * n];
      const share = packed.data[from + (3 * n + 2) * n];
      if (share < 1) reverseToOld(inputs, share, n, from, out, to);
      else out.data.fill(0, to, to + n * n);
    }
  },
  reverse: refuseSecondDerivative,
};

function refuseSecondDerivative(): never {
  throw new OptionError("wassersteinProjection: expected a first derivative, got a second");
}

/** Writes Σ̄; gives τ̄. */
function reverse(inputs: readonly HostArray[], share: number, n: number, from: number, out: HostArray, to: number): number {
  const along = moveToRoots(inputs, share, n, from);
  const { vectors, root: product, oldRoot: scratch, slope, moved, given, values } = scratchOf(n);
  const distanceCotangent = (-0.5 * share * share * share * along) / inputs[1].data[0];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      given[i * n + j] = share * moved[i * n + j] + distanceCotangent * (slope[i * n + j] + slope[j * n + i]);
    }
  }
  throughSquare(vectors, values, given, n, product, scratch);
  store(given, n * n, out.data, to);
  return along;
}

/** Writes Σ̄_old. */
function reverseToOld(inputs: readonly HostArray[], share: number, n: number, from: number, out: HostArray, to: number): void {
  const along = moveToRoots(inputs, share, n, from);
  const { oldVectors, root: product, oldRoot: scratch, ratio, slope, moved, given, oldValues } = scratchOf(n);
  const distanceCotangent = (-0.5 * share * share * share * along) / inputs[1].data[0];
  multiplyByTransposed(slope, ratio, n, product);
  addTransposed(product, n, scratch);
  for (let i = 0; i < n * n; i++) given[i] = (1 - share) * moved[i] - distanceCotangent * scratch[i];
  throughSquare(oldVectors, oldValues, given, n, product, scratch);
  store(given, n * n, out.data, to);
}

/** Leaves the eigenvectors and eigenvalues of both roots, K, M and T in the scratch memory; gives τ̄ = ⟨T, S − S_o⟩. */
function moveToRoots([packed, , cotangent]: readonly HostArray[], share: number, n: number, from: number): number {
  const { vectors, oldVectors, root, oldRoot, ratio, slope, moved, given, values, oldValues } = scratchOf(n);
  load(packed.data, from + n * n, n * n, vectors);
  load(packed.data, from + 2 * n * n, n * n, oldVectors);
  load(packed.data, from + 3 * n * n, n, values);
  load(packed.data, from + (3 * n + 1) * n, n, oldValues);
  fromEigen(vectors, values, n, root);
  fromEigen(oldVectors, oldValues, n, oldRoot);
  loadSymmetric(cotangent.data, from, n, given);
  for (let i = 0; i < n * n; i++) slope[i] = oldRoot[i] + share * (root[i] - oldRoot[i]);
  multiply(given, slope, n, ratio);
  addTransposed(ratio, n, moved);
  let along = 0;
  for (let i = 0; i < n * n; i++) along += moved[i] * (root[i] - oldRoot[i]);
  // S_o⁻¹ takes the place of S_o, and K − I that of S.
  for (let i = 0; i < n; i++) given[i] = 1 / oldValues[i];
  fromEigen(oldVectors, given, n, oldRoot);
  multiply(oldRoot, root, n, ratio);
  for (let i = 0; i < n * n; i++) root[i] = ratio[i] - (i % (n + 1) === 0 ? 1 : 0);
  multiply(oldRoot, root, n, slope);
  return along;
}

/** A + Aᵀ. */
function addTransposed(a: Float64Array, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) out[i * n + j] = a[i * n + j] + a[j * n + i];
  }
}

/** The cotangent of S², in place, from that of S = V diag(σ) Vᵀ: V (Vᵀ S̄ V)_ij / (σ_i + σ_j) Vᵀ. */
function throughSquare(
  vectors: Float64Array,
  values: Float64Array,
  cotangent: Float64Array,
  n: number,
  product: Float64Array,
  scratch: Float64Array,
): void {
  multiply(cotangent, vectors, n, scratch);
  multiplyTransposed(vectors, scratch, n, product);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) product[i * n + j] /= values[i] + values[j];
  }
  congruence(vectors, product, n, scratch, cotangent);
}

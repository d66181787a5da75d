import { hostOperation } from "@uphill/autodiff";
import type { HostArray, HostOperation } from "@uphill/autodiff";
import { symmetricEigenAt } from "@uphill/core-math";
import { matrixCount, packedRows, packedShape } from "../internal/packed-rows.js";
import { fromEigen, loadSymmetric, multiply, multiplyByTransposed, store } from "../internal/small-matrices.js";
import { matrices, scratchBySize } from "../internal/scratch.js";
import { notPositiveDefinite } from "./cholesky.js";
import { requirePositiveBound } from "./kl-interpolation.js";
import { wassersteinProjectionReverse, wassersteinProjectionReverseToOld } from "./wasserstein-projection-gradient.js";

/**
 * The Wasserstein projection of full covariances: Σ, Σ_old [..., n, n] and ε [] → rows of n numbers, for each matrix:
 *
 * - 0 … n − 1: Σ̃;
 * - n … 2n − 1: V, and in row 3n: σ, the eigenvectors and eigenvalues of Σ^½;
 * - 2n … 3n − 1 and 3n + 1: those of Σ_old^½;
 * - 3n + 2: τ = √(ε/d) in its first place, 1 where the bound does not bind.
 *
 * What follows Σ̃ is for the reverse rule alone.
 */
export const wassersteinProjectionOperation: HostOperation = {
  name: "wassersteinProjection",
  shape: ([covariance]) => packedShape(covariance, 3 * (covariance.at(-1) as number) + 3),
  compute: ([covariance, oldCovariance, bound], out) => {
    const n = covariance.shape[covariance.shape.length - 1];
    requirePositiveBound(bound.data[0]);
    for (let index = 0; index < matrixCount(covariance); index++) project(covariance, oldCovariance, bound.data[0], n, index, out);
  },
  reverse: ([covariance, oldCovariance, bound], cotangent, result) => {
    const n = covariance.shape.at(-1) as number;
    const inputs = [result, bound, cotangent];
    const packed = hostOperation(wassersteinProjectionReverse, inputs);
    const boundCotangent = packedRows(packed, n, n + 1).slice(packed.shape.length - 1, 0, 1).sum();
    // Two operations, so that what is not needed is not computed.
    const toOld = hostOperation(wassersteinProjectionReverseToOld, inputs).reshape(oldCovariance.shape);
    return [packedRows(packed, 0, n), toOld, boundCotangent.broadcastTo(bound.shape)];
  },
};

const scratchOf = scratchBySize((n) => matrices(n, "root", "oldRoot", "inverse", "ratio", "vectors", "values"));

function project(covariance: HostArray, oldCovariance: HostArray, bound: number, n: number, index: number, out: HostArray): void {
  const { root, oldRoot, inverse, ratio, vectors, values } = scratchOf(n);
  const [from, to] = [index * n * n, index * (3 * n + 3) * n];
  if (!rootOf(covariance, from, n, root, vectors, values)) throw notPositiveDefinite("covariance", index);
  store(vectors, n * n, out.data, to + n * n);
  store(values, n, out.data, to + 3 * n * n);
  if (!rootOf(oldCovariance, from, n, oldRoot, vectors, values)) throw notPositiveDefinite("oldCovariance", index);
  store(vectors, n * n, out.data, to + 2 * n * n);
  store(values, n, out.data, to + (3 * n + 1) * n);
  for (let i = 0; i < n; i++) values[i] = 1 / values[i];
  fromEigen(vectors, values, n, inverse);
  multiply(inverse, root, n, ratio);
  let distance = 0;
  for (let i = 0; i < n * n; i++) {
    const difference = ratio[i] - (i % (n + 1) === 0 ? 1 : 0);
    distance += difference * difference;
  }
  const share = distance > bound ? Math.sqrt(bound / distance) : 1;
  out.data[to + (3 * n + 2) * n] = share;
  if (share < 1) {
    for (let i = 0; i < n * n; i++) root[i] = oldRoot[i] + share * (root[i] - oldRoot[i]);
    multiplyByTransposed(root, root, n, ratio);
    store(ratio, n * n, out.data, to);
  } else for (let i = 0; i < n * n; i++) out.data[to + i] = covariance.data[from + i];
}

/** The square root of a matrix of a batch, with its eigenvectors and eigenvalues; false where it has none. */
function rootOf(
  covariance: HostArray,
  offset: number,
  n: number,
  root: Float64Array,
  vectors: Float64Array,
  values: Float64Array,
): boolean {
  loadSymmetric(covariance.data, offset, n, root);
  symmetricEigenAt(root, 0, n, values, 0, vectors, 0);
  if (!(values[0] > 0)) return false;
  for (let i = 0; i < n; i++) values[i] = Math.sqrt(values[i]);
  fromEigen(vectors, values, n, root);
  return true;
}

import { requireSymmetric, resultArray } from "./internal/matrix.js";
import { diagonalizeInScratch } from "./internal/symmetric-scratch.js";

/** Eigenvalues and eigenvectors of a symmetric matrix: A = V diag(λ) Vᵀ. */
export interface SymmetricEigen {
  /** λ, ascending: [n]. */
  readonly values: Float64Array;
  /** V, [n, n] row by row: column k is the eigenvector of λ_k, of length 1, orthogonal to the others; its sign is open. */
  readonly vectors: Float64Array;
}

/**
 * The eigendecomposition of a symmetric matrix, A = V diag(λ) Vᵀ, by Jacobi's cyclic rotations.
 *
 * Rotations cost more than a reduction to tridiagonal form where n is large, and less where it is small; small eigenvalues
 * of positive definite matrices keep their digits. The lower triangle of A is what counts.
 * (Golub and Van Loan 2013, section 8.5; Demmel and Veselić 1992 for the stop.)
 *
 * @param matrix - A, [n, n] row by row, n ≥ 1; mirrored elements may differ by rounding, 1e-10 of the largest element.
 * @param out - Arrays for `values` [n] and `vectors` [n, n]. New ones where left out.
 * @returns λ ascending, and V.
 * @throws ShapeError where a length does not fit; NumericalError naming an element that is not finite; OptionError where
 *   the matrix is not symmetric.
 */
export function symmetricEigen(matrix: ArrayLike<number>, out?: SymmetricEigen): SymmetricEigen {
  const n = requireSymmetric("matrix", matrix);
  const values = resultArray(out?.values, n);
  const vectors = resultArray(out?.vectors, n * n);
  symmetricEigenAt(matrix, 0, n, values, 0, vectors, 0);
  return { values, vectors };
}

/**
 * {@link symmetricEigen} of a matrix inside a larger array: no checks, and no allocation once it has met its largest n.
 *
 * @param matrix - A begins at `offset`, [n, n] row by row; its lower triangle is read. It is left as it is.
 * @param values - λ, ascending, goes to `valuesOffset`, [n].
 * @param vectors - V, one eigenvector a column, goes to `vectorsOffset`, [n, n]; may be the same place as A. Both are
 *   NaN where A has a number that is not finite.
 */
export function symmetricEigenAt(
  matrix: ArrayLike<number>,
  offset: number,
  n: number,
  values: Float64Array,
  valuesOffset: number,
  vectors: Float64Array,
  vectorsOffset: number,
): void {
  const { work, unit } = diagonalizeInScratch(matrix, offset, n);
  if (Number.isNaN(unit)) {
    values.fill(Number.NaN, valuesOffset, valuesOffset + n);
    vectors.fill(Number.NaN, vectorsOffset, vectorsOffset + n * n);
    return;
  }
  for (let k = 0; k < n; k++) {
    const value = work[k * n + k];
    let rank = 0;
    for (let j = 0; j < n; j++) {
      const other = work[j * n + j];
      if (other < value || (other === value && j < k)) rank++;
    }
    values[valuesOffset + rank] = value * unit;
    for (let i = 0; i < n; i++) vectors[vectorsOffset + i * n + rank] = work[(n + k) * n + i];
  }
}

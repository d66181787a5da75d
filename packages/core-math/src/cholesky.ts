import { OptionError } from "./errors.js";
import { copied, requireRows, requireSymmetric } from "./internal/matrix.js";
import { requirePositiveDiagonal } from "./internal/positive-diagonal.js";
import { log } from "./log.js";
import { solveLowerTriangularAt, solveLowerTriangularTransposedAt } from "./triangular.js";

/**
 * The Cholesky factor of a symmetric positive definite matrix: the lower triangular L, its diagonal positive, with
 *
 *     A = L Lᵀ,   L_ij = (A_ij − Σ_{k<j} L_ik L_jk) / L_jj,   L_ii = √(A_ii − Σ_{k<i} L_ik²)
 *
 * The lower triangle of A is what counts. (Golub and Van Loan 2013, section 4.2.)
 *
 * @param matrix - A, [n, n] row by row, n ≥ 1; mirrored elements may differ by rounding, 1e-10 of the largest element.
 * @param out - Where the result goes; may be `matrix` itself. A new array where left out.
 * @returns L, [n, n], zeros above the diagonal: `out`, or a new array.
 * @throws ShapeError where the length is no square; NumericalError naming an element that is not finite; OptionError
 *   where the matrix is not symmetric or not positive definite, naming the row (`out` then holds no result).
 */
export function choleskyFactor(matrix: ArrayLike<number>, out?: Float64Array): Float64Array {
  const n = requireSymmetric("matrix", matrix);
  const factor = copied(matrix, out);
  const rows = choleskyFactorAt(factor, 0, n, factor, 0);
  if (rows === n) return factor;
  throw new OptionError(`matrix: expected a positive definite matrix, got one whose leading ${rows + 1} × ${rows + 1} part is not`);
}

/**
 * {@link choleskyFactor} of a matrix inside a larger array: no checks, no allocation.
 *
 * @param matrix - A begins at `offset`, [n, n] row by row; its lower triangle is read.
 * @param out - L goes to `outOffset`; may be the same place as A.
 * @returns The rows that were factored: n, or fewer where the matrix is not positive definite, or has a NaN.
 */
export function choleskyFactorAt(
  matrix: ArrayLike<number>,
  offset: number,
  n: number,
  out: Float64Array,
  outOffset: number,
): number {
  for (let i = 0; i < n; i++) {
    const row = outOffset + i * n;
    for (let j = 0; j < i; j++) {
      const other = outOffset + j * n;
      let sum = matrix[offset + i * n + j];
      for (let k = 0; k < j; k++) sum -= out[row + k] * out[other + k];
      out[row + j] = sum / out[other + j];
    }
    let pivot = matrix[offset + i * n + i];
    for (let k = 0; k < i; k++) pivot -= out[row + k] * out[row + k];
    if (!(pivot > 0)) return i;
    out[row + i] = Math.sqrt(pivot);
    for (let j = i + 1; j < n; j++) out[row + j] = 0;
  }
  return n;
}

/**
 * The solution x of A x = b from A's Cholesky factor: L y = b, then Lᵀ x = y.
 *
 * @param factor - L of {@link choleskyFactor}, [n, n]; what stands above its diagonal is not used.
 * @param b - Right-hand side: a vector [n], or [n, m] for m of them at once.
 * @param out - Where the result goes; may be `b` itself. A new array where left out.
 * @returns x, shaped as `b`: `out`, or a new array.
 * @throws ShapeError for lengths that do not fit; NumericalError naming an element that is not finite; OptionError naming
 *   a number on the factor's diagonal that is not positive.
 */
export function choleskySolve(factor: ArrayLike<number>, b: ArrayLike<number>, out?: Float64Array): Float64Array {
  const n = requirePositiveDiagonal(factor);
  const columns = requireRows("b", b, n);
  const x = copied(b, out);
  solveLowerTriangularAt(factor, 0, n, x, 0, columns);
  solveLowerTriangularTransposedAt(factor, 0, n, x, 0, columns);
  return x;
}

/**
 * The logarithm of a determinant from the Cholesky factor: log det A = 2 Σ_i log L_ii.
 *
 * @param factor - L of {@link choleskyFactor}, [n, n]; its diagonal is what counts.
 * @returns log det A, finite however small or large the determinant.
 * @throws As {@link choleskySolve}.
 */
export function choleskyLogDeterminant(factor: ArrayLike<number>): number {
  return choleskyLogDeterminantAt(factor, 0, requirePositiveDiagonal(factor));
}

/**
 * {@link choleskyLogDeterminant} of a factor inside a larger array: no checks, no allocation.
 *
 * @param factor - L begins at `offset`, [n, n] row by row.
 */
export function choleskyLogDeterminantAt(factor: ArrayLike<number>, offset: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += log(factor[offset + i * n + i]);
  return 2 * sum;
}

/**
 * The solution x of A x = b for a symmetric positive definite A, by its Cholesky factor.
 *
 * @param matrix - A, [n, n] row by row, as {@link choleskyFactor} takes it.
 * @param b - Right-hand side: a vector [n], or [n, m] for m of them at once.
 * @param out - Where the result goes; may be `b` itself. A new array where left out.
 * @returns x, shaped as `b`: `out`, or a new array.
 * @throws As {@link choleskyFactor}, and ShapeError or NumericalError for `b`.
 */
export function solveSymmetricPositiveDefinite(
  matrix: ArrayLike<number>,
  b: ArrayLike<number>,
  out?: Float64Array,
): Float64Array {
  return choleskySolve(choleskyFactor(matrix), b, out);
}

import { OptionError } from "./errors.js";
import { copied, requireSymmetric } from "./internal/matrix.js";
import { diagonalizeInScratch } from "./internal/symmetric-scratch.js";

/** Eigenvalues as far below zero as this share of the trace, times n, are rounding, and count as zero. */
const ROUNDING = 2 ** -50;

/**
 * The square root of a symmetric positive definite matrix: the symmetric positive definite S with S S = A,
 *
 *     S = V diag(√λ) Vᵀ   where   A = V diag(λ) Vᵀ
 *
 * A semi-definite A has a root too: eigenvalues below zero by rounding (n 2⁻⁵⁰ of the trace) are taken as zero.
 * (Higham 2008, chapter 6.)
 *
 * @param matrix - A, [n, n] row by row, n ≥ 1; mirrored elements may differ by rounding, 1e-10 of the largest element.
 * @param out - Where the result goes; may be `matrix` itself. A new array where left out.
 * @returns S, [n, n], symmetric to the bit: `out`, or a new array.
 * @throws ShapeError where the length is no square; NumericalError naming an element that is not finite; OptionError
 *   where the matrix is not symmetric or has a negative eigenvalue (`out` then holds no result).
 */
export function symmetricSquareRoot(matrix: ArrayLike<number>, out?: Float64Array): Float64Array {
  const n = requireSymmetric("matrix", matrix);
  const root = copied(matrix, out);
  let rounding = 0;
  for (let i = 0; i < n; i++) rounding += ROUNDING * n * Math.abs(root[i * (n + 1)]);
  const least = symmetricSquareRootAt(root, 0, n, root, 0);
  if (least >= -rounding) return root;
  throw new OptionError(`matrix: expected a positive semi-definite matrix, got an eigenvalue of ${least}`);
}

/**
 * {@link symmetricSquareRoot} of a matrix inside a larger array: no checks, and no allocation once it has met its
 * largest n. Eigenvalues below zero are taken as zero.
 *
 * @param matrix - A begins at `offset`, [n, n] row by row; its lower triangle is read.
 * @param out - S goes to `outOffset`, [n, n]; may be the same place as A.
 * @returns The least eigenvalue of A, for the caller to judge; NaN, as is S, where A has a number that is not finite.
 */
export function symmetricSquareRootAt(
  matrix: ArrayLike<number>,
  offset: number,
  n: number,
  out: Float64Array,
  outOffset: number,
): number {
  const { work, unit } = diagonalizeInScratch(matrix, offset, n);
  if (Number.isNaN(unit)) {
    out.fill(Number.NaN, outOffset, outOffset + n * n);
    return Number.NaN;
  }
  let least = Infinity;
  for (let k = 0; k < n; k++) {
    const value = work[k * (n + 1)];
    least = Math.min(least, value);
    work[k * (n + 1)] = Math.sqrt(Math.max(value, 0) * unit);
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += work[k * (n + 1)] * work[(n + k) * n + i] * work[(n + k) * n + j];
      out[outOffset + i * n + j] = sum;
      out[outOffset + j * n + i] = sum;
    }
  }
  return least * unit;
}

import { OptionError } from "./errors.js";
import { copied, requireRows, requireSquare } from "./internal/matrix.js";

/** A matrix taken apart by {@link luFactor}: P A = L U. */
export interface LuFactors {
  /** L below the diagonal (its own diagonal is 1), U on and above it: [n, n] row by row. */
  readonly factor: Float64Array;
  /** Which row of A became row i. */
  readonly permutation: Int32Array;
  /** The permutation's sign, 1 or −1. */
  readonly sign: number;
}

/**
 * The LU factors of a square matrix, with the largest pivot of each column: P A = L U.
 *
 * A singular matrix has factors too, with a zero on the diagonal of U. (Golub and Van Loan 2013, section 3.4.)
 *
 * @param matrix - A, [n, n] row by row, n ≥ 1.
 * @returns L, U and the permutation of rows.
 * @throws ShapeError where the length is no square; NumericalError naming an element that is not finite.
 */
export function luFactor(matrix: ArrayLike<number>): LuFactors {
  const n = requireSquare("matrix", matrix);
  const factor = copied(matrix, undefined);
  const permutation = Int32Array.from({ length: n }, (_, i) => i);
  let sign = 1;
  for (let j = 0; j < n; j++) {
    const pivot = largestBelow(factor, n, j);
    if (pivot !== j) {
      swapRows(factor, n, pivot, j);
      [permutation[pivot], permutation[j]] = [permutation[j], permutation[pivot]];
      sign = -sign;
    }
    eliminate(factor, n, j);
  }
  return { factor, permutation, sign };
}

/**
 * The solution x of A x = b from A's LU factors: L y = P b, then U x = y.
 *
 * @param factors - What {@link luFactor} returned.
 * @param b - Right-hand side: a vector [n], or [n, m] for m of them at once.
 * @param out - Where the result goes; may be `b` itself. A new array where left out.
 * @returns x, shaped as `b`: `out`, or a new array.
 * @throws ShapeError for lengths that do not fit; NumericalError naming an element of `b` that is not finite; OptionError
 *   where the matrix is singular.
 */
export function luSolve(factors: LuFactors, b: ArrayLike<number>, out?: Float64Array): Float64Array {
  const { factor, permutation } = factors;
  const n = requireInvertible(factors);
  const columns = requireRows("b", b, n);
  const y = new Float64Array(b.length);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < columns; c++) y[i * columns + c] = b[permutation[i] * columns + c];
  }
  for (let i = 1; i < n; i++) {
    for (let k = 0; k < i; k++) subtractRow(y, columns, i, k, factor[i * n + k]);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) subtractRow(y, columns, i, k, factor[i * n + k]);
    for (let c = 0; c < columns; c++) y[i * columns + c] /= factor[i * n + i];
  }
  return out === undefined ? y : copied(y, out);
}

/**
 * The solution x of Aᵀ x = b from A's LU factors: Uᵀ z = b, Lᵀ y = z, then x = Pᵀ y.
 *
 * @param factors - What {@link luFactor} returned for A, not for Aᵀ.
 * @param b - Right-hand side: a vector [n], or [n, m] for m of them at once.
 * @param out - Where the result goes; may be `b` itself. A new array where left out.
 * @returns x, shaped as `b`: `out`, or a new array.
 * @throws As {@link luSolve}.
 */
export function luSolveTransposed(factors: LuFactors, b: ArrayLike<number>, out?: Float64Array): Float64Array {
  const { factor, permutation } = factors;
  const n = requireInvertible(factors);
  const columns = requireRows("b", b, n);
  const y = copied(b, undefined);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) subtractRow(y, columns, i, k, factor[k * n + i]);
    for (let c = 0; c < columns; c++) y[i * columns + c] /= factor[i * n + i];
  }
  for (let i = n - 2; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) subtractRow(y, columns, i, k, factor[k * n + i]);
  }
  const x = copied(y, out);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < columns; c++) x[permutation[i] * columns + c] = y[i * columns + c];
  }
  return x;
}

/**
 * The determinant from LU factors: det A = sign(P) Π_i U_ii. It may overflow or vanish where n is large.
 *
 * @param factors - What {@link luFactor} returned.
 * @returns det A; 0 where the matrix is singular.
 */
export function luDeterminant({ factor, permutation: { length: n }, sign }: LuFactors): number {
  let product = sign;
  for (let i = 0; i < n; i++) product *= factor[i * n + i];
  return product;
}

/** The row, from j on, with the largest element in column j. */
function largestBelow(factor: Float64Array, n: number, j: number): number {
  let pivot = j;
  for (let i = j + 1; i < n; i++) {
    if (Math.abs(factor[i * n + j]) > Math.abs(factor[pivot * n + j])) pivot = i;
  }
  return pivot;
}

function swapRows(factor: Float64Array, n: number, a: number, b: number): void {
  for (let k = 0; k < n; k++) {
    const value = factor[a * n + k];
    factor[a * n + k] = factor[b * n + k];
    factor[b * n + k] = value;
  }
}

/** Takes multiples of row j from the rows below, so that column j vanishes there; the multipliers stand in its place. */
function eliminate(factor: Float64Array, n: number, j: number): void {
  const pivot = factor[j * n + j];
  if (pivot === 0) return;
  for (let i = j + 1; i < n; i++) {
    const multiplier = factor[i * n + j] / pivot;
    factor[i * n + j] = multiplier;
    for (let k = j + 1; k < n; k++) factor[i * n + k] -= multiplier * factor[j * n + k];
  }
}

/** Row i less a multiple of row k. */
function subtractRow(y: Float64Array, columns: number, i: number, k: number, multiplier: number): void {
  for (let c = 0; c < columns; c++) y[i * columns + c] -= multiplier * y[k * columns + c];
}

function requireInvertible({ factor, permutation: { length: n } }: LuFactors): number {
  for (let i = 0; i < n; i++) {
    if (factor[i * n + i] === 0) {
      throw new OptionError(`factors: expected those of an invertible matrix, got a zero pivot in column ${i}`);
    }
  }
  return n;
}

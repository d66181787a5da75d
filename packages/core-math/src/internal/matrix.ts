import { OptionError, ShapeError } from "../errors.js";
import { requireFinite } from "../require-elements.js";
import { expectation, requireArray } from "../require.js";

/** How far two mirrored elements may be apart, relative to the largest element: what rounding leaves of a product A Aᵀ. */
const SYMMETRY_TOLERANCE = 1e-10;

/**
 * The number of rows of a square matrix of finite numbers.
 *
 * @throws ShapeError where the length is no square ≥ 1; NumericalError naming an element that is not finite.
 */
export function requireSquare(argument: string, matrix: ArrayLike<number>): number {
  const { length } = requireArray(argument, matrix);
  const n = Math.floor(Math.sqrt(length));
  if (n === 0 || n * n !== length) {
    throw new ShapeError(expectation(argument, "a square matrix of n × n numbers", matrix));
  }
  requireFinite(argument, matrix, [n, n]);
  return n;
}

/**
 * The number of rows of a symmetric matrix of finite numbers.
 *
 * @throws OptionError naming two mirrored elements that differ by more than rounding; and as {@link requireSquare}.
 */
export function requireSymmetric(argument: string, matrix: ArrayLike<number>): number {
  const n = requireSquare(argument, matrix);
  let largest = 0;
  for (let i = 0; i < matrix.length; i++) largest = Math.max(largest, Math.abs(matrix[i]));
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const below = matrix[i * n + j];
      const above = matrix[j * n + i];
      if (Math.abs(below - above) <= SYMMETRY_TOLERANCE * largest) continue;
      throw new OptionError(`${argument}: expected a symmetric matrix, got ${below} at [${i}, ${j}] and ${above} at [${j}, ${i}]`);
    }
  }
  return n;
}

/**
 * The number of columns of a right-hand side of n rows of finite numbers: 1 for a vector.
 *
 * @throws ShapeError where its length is no multiple of n; NumericalError naming an element that is not finite.
 */
export function requireRows(argument: string, array: ArrayLike<number>, n: number): number {
  const columns = requireArray(argument, array).length / n;
  if (columns < 1 || !Number.isInteger(columns)) {
    throw new ShapeError(expectation(argument, `a vector of ${n} or a matrix of ${n} rows`, array));
  }
  requireFinite(argument, array, columns === 1 ? [n] : [n, columns]);
  return columns;
}

/**
 * The array for a result: `out`, or a new one.
 *
 * @throws OptionError where `out` is no Float64Array; ShapeError where its length differs.
 */
export function resultArray(out: Float64Array | undefined, length: number): Float64Array {
  if (out === undefined) return new Float64Array(length);
  if (!(out instanceof Float64Array)) throw new OptionError(expectation("out", "a Float64Array", out));
  return requireArray("out", out, length);
}

/** A copy of an array in `out`, or in a new array. `out` may be the array itself. */
export function copied(array: ArrayLike<number>, out: Float64Array | undefined): Float64Array {
  const result = resultArray(out, array.length);
  result.set(array);
  return result;
}

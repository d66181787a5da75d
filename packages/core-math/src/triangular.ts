import { OptionError } from "./errors.js";
import { copied, requireRows, requireSquare } from "./internal/matrix.js";

/**
 * The solution x of L x = b for a lower triangular L, by forward substitution: x_i = (b_i − Σ_{k<i} L_ik x_k) / L_ii.
 *
 * @param factor - L, [n, n] row by row; what stands above its diagonal is not used.
 * @param b - Right-hand side: a vector [n], or [n, m] for m of them at once.
 * @param out - Where the result goes; may be `b` itself. A new array where left out.
 * @returns x, shaped as `b`: `out`, or a new array.
 * @throws ShapeError for lengths that do not fit; NumericalError naming an element that is not finite; OptionError naming
 *   a zero on the diagonal.
 */
export function solveLowerTriangular(factor: ArrayLike<number>, b: ArrayLike<number>, out?: Float64Array): Float64Array {
  return solved(solveLowerTriangularAt, factor, b, out);
}

/**
 * The solution x of Lᵀ x = b for a lower triangular L, by back substitution: x_i = (b_i − Σ_{k>i} L_ki x_k) / L_ii.
 *
 * @param factor - L, [n, n] row by row; what stands above its diagonal is not used.
 * @param b - Right-hand side: a vector [n], or [n, m] for m of them at once.
 * @param out - Where the result goes; may be `b` itself. A new array where left out.
 * @returns x, shaped as `b`: `out`, or a new array.
 * @throws As {@link solveLowerTriangular}.
 */
export function solveLowerTriangularTransposed(
  factor: ArrayLike<number>,
  b: ArrayLike<number>,
  out?: Float64Array,
): Float64Array {
  return solved(solveLowerTriangularTransposedAt, factor, b, out);
}

/**
 * {@link solveLowerTriangular} in place, on matrices inside larger arrays: no checks, no allocation.
 *
 * @param factor - L begins at `offset`, [n, n] row by row.
 * @param x - b begins at `xOffset`, [n, columns], and is replaced by x.
 * @param columns - Right-hand sides, side by side.
 */
export function solveLowerTriangularAt(
  factor: ArrayLike<number>,
  offset: number,
  n: number,
  x: Float64Array,
  xOffset: number,
  columns = 1,
): void {
  for (let i = 0; i < n; i++) {
    const row = offset + i * n;
    const diagonal = factor[row + i];
    const target = xOffset + i * columns;
    for (let c = 0; c < columns; c++) {
      let sum = x[target + c];
      for (let k = 0; k < i; k++) sum -= factor[row + k] * x[xOffset + k * columns + c];
      x[target + c] = sum / diagonal;
    }
  }
}

/**
 * {@link solveLowerTriangularTransposed} in place, on matrices inside larger arrays: no checks, no allocation.
 *
 * @param factor - L begins at `offset`, [n, n] row by row.
 * @param x - b begins at `xOffset`, [n, columns], and is replaced by x.
 * @param columns - Right-hand sides, side by side.
 */
export function solveLowerTriangularTransposedAt(
  factor: ArrayLike<number>,
  offset: number,
  n: number,
  x: Float64Array,
  xOffset: number,
  columns = 1,
): void {
  for (let i = n - 1; i >= 0; i--) {
    const diagonal = factor[offset + i * n + i];
    const target = xOffset + i * columns;
    for (let c = 0; c < columns; c++) {
      let sum = x[target + c];
      for (let k = i + 1; k < n; k++) sum -= factor[offset + k * n + i] * x[xOffset + k * columns + c];
      x[target + c] = sum / diagonal;
    }
  }
}

/** What a kernel makes of arguments that are checked, in a copy of b. */
function solved(
  kernel: typeof solveLowerTriangularAt,
  factor: ArrayLike<number>,
  b: ArrayLike<number>,
  out: Float64Array | undefined,
): Float64Array {
  const n = requireTriangular(factor);
  const columns = requireRows("b", b, n);
  const x = copied(b, out);
  kernel(factor, 0, n, x, 0, columns);
  return x;
}

/** The number of rows of a triangular factor without a zero on its diagonal. */
function requireTriangular(factor: ArrayLike<number>): number {
  const n = requireSquare("factor", factor);
  for (let i = 0; i < n; i++) {
    if (factor[i * n + i] === 0) throw new OptionError(`factor at [${i}, ${i}]: expected no zero on the diagonal, got 0`);
  }
  return n;
}

import { concat, constant, where } from "@uphill/autodiff";
import type { Shape, Tensor } from "@uphill/autodiff";

/** The identity matrix, [n, n]. */
export function identity(n: number): Tensor {
  return constant(Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)), [n, n]);
}

/** A mask, int32 [n, n]: 1 where row − column is at least `offset`. */
export function lowerMask(n: number, offset: number): Tensor {
  const inside = (i: number) => Math.floor(i / n) - (i % n) >= offset;
  return constant(Float64Array.from({ length: n * n }, (_, i) => (inside(i) ? 1 : 0)), [n, n], "int32");
}

/** The matrix with a vector on its diagonal: […, n] → […, n, n]. */
export function diagonalMatrix(vector: Tensor): Tensor {
  return column(vector).mul(identity(lastLength(vector)));
}

/** The diagonal of a matrix: […, n, n] → […, n]. What is off the diagonal is not read. */
export function diagonalOf(matrix: Tensor): Tensor {
  const mask = identity(lastLength(matrix)).toInt();
  return where(mask, matrix, 0).sum(-1);
}

/** x yᵀ: […, m] and […, n] → […, m, n]. */
export function outer(x: Tensor, y: Tensor): Tensor {
  return column(x).mul(row(y));
}

/** AᵀB of matrices with the same axes in front: […, n, k] and […, n, m] → […, k, m]. */
export function transposedProduct(a: Tensor, b: Tensor): Tensor {
  return column(a).mul(row(b)).sum(-3);
}

/** Square blocks along the diagonal of a matrix of zeros: […, nᵢ, nᵢ] → […, Σ nᵢ, Σ nᵢ]. */
export function blockDiagonal(blocks: readonly Tensor[]): Tensor {
  const size = blocks.reduce((total, block) => total + lastLength(block), 0);
  let before = 0;
  const rows = blocks.map((block) => {
    const length = lastLength(block);
    const padded = block.pad(block.shape.length - 1, before, size - before - length);
    before += length;
    return padded;
  });
  return concat(rows, -2);
}

/** A vector as a matrix of one column: […, n] → […, n, 1]. */
export function column(vector: Tensor): Tensor {
  return vector.reshape([...vector.shape, 1]);
}

/** A vector as a matrix of one row: […, n] → […, 1, n]. */
export function row(vector: Tensor): Tensor {
  return vector.reshape([...vector.shape.slice(0, -1), 1, ...vector.shape.slice(-1)]);
}

/**
 * L⁻¹B by forward substitution, row by row.
 *
 * @param factor - L, […, n, n], lower triangular; what is above the diagonal is not read.
 * @param right - B, […, n, m].
 * @returns […, n, m].
 */
export function solveLower(factor: Tensor, right: Tensor): Tensor {
  const n = lastLength(factor);
  const rows: Tensor[] = [];
  for (let i = 0; i < n; i++) {
    const [line, target] = [rowOf(factor, i), rowOf(right, i)];
    let rest = target;
    for (let j = 0; j < i; j++) rest = rest.sub(line.slice(line.shape.length - 1, j, j + 1).mul(rows[j]));
    rows.push(rest.div(line.slice(line.shape.length - 1, i, i + 1)));
  }
  return concat(rows.map(row), -2);
}

/** Row i of a matrix: […, n, m] → […, m]. */
function rowOf(matrix: Tensor, i: number): Tensor {
  const { shape } = matrix;
  const rest: Shape = [...shape.slice(0, -2), ...shape.slice(-1)];
  return matrix.slice(shape.length - 2, i, i + 1).reshape(rest);
}

function lastLength({ shape }: Tensor): number {
  return shape.at(-1) as number;
}

import { highWord } from "./bits.js";
import { jacobiDiagonalize } from "./jacobi.js";
import { powerOfTwo } from "./power-of-two.js";

let scratch = new Float64Array(0);

/** Eigenvalues and eigenvectors where they were computed, valid until the next call. */
export interface Diagonalized {
  /** Eigenvalue k, in units, at k·(n + 1); its eigenvector in the n places from (n + k)·n on. */
  readonly work: Float64Array;
  /** What the eigenvalues are multiples of: a power of two; NaN where the matrix has a number that is not finite. */
  readonly unit: number;
}

const diagonalized = { work: scratch, unit: 1 };

/**
 * The eigenvalues and eigenvectors of a symmetric matrix, in no order, in memory that is kept between calls.
 *
 * They are computed in units near the largest element, so that squares neither overflow nor vanish.
 *
 * @param matrix - Begins at `offset`, [n, n]; its lower triangle is read.
 */
export function diagonalizeInScratch(matrix: ArrayLike<number>, offset: number, n: number): Diagonalized {
  if (scratch.length < 2 * n * n) scratch = new Float64Array(2 * n * n);
  const unit = unitOf(matrix, offset, n);
  diagonalized.work = scratch;
  diagonalized.unit = unit;
  if (Number.isNaN(unit)) return diagonalized;
  for (let i = 0; i < n * n; i++) scratch[i] = matrix[offset + i] / unit;
  jacobiDiagonalize(scratch, n);
  return diagonalized;
}

/** The power of two at or below the largest magnitude in the lower triangle; 1 where that is 0 or subnormal. */
function unitOf(matrix: ArrayLike<number>, offset: number, n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) largest = Math.max(largest, Math.abs(matrix[offset + i * n + j]));
  }
  if (!(largest < Infinity)) return Number.NaN;
  return largest < 2 ** -1022 ? 1 : powerOfTwo((highWord(largest) >>> 20) - 1023);
}

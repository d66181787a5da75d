import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect } from "vitest";
import { evenly } from "./elementary.js";

/** A matrix of linear_algebra.json with what SciPy computed of it. */
interface MatrixCase {
  readonly matrix: number[];
  readonly n: number;
  readonly b: number[];
  readonly cholesky: number[];
  readonly solve: number[];
  readonly logDeterminant: number;
  readonly inverse: number[];
  readonly eigenvalues: number[];
  readonly squareRoot: number[];
}

interface StoredCase {
  readonly A: number[][];
  readonly b: number[];
  readonly cholesky: number[][];
  readonly solve: number[];
  readonly logdet: number;
  readonly inverse: number[][];
  readonly eigenvalues: number[];
  readonly sqrtm: number[][];
}

export function referenceMatrices(): MatrixCase[] {
  const stored = JSON.parse(readFileSync(new URL("reference/linear_algebra.json", import.meta.url), "utf8")) as StoredCase[];
  return stored.map(({ A, b, cholesky, solve, logdet, inverse, eigenvalues, sqrtm }) => ({
    matrix: A.flat(),
    n: A.length,
    b,
    cholesky: cholesky.flat(),
    solve,
    logDeterminant: logdet,
    inverse: inverse.flat(),
    eigenvalues,
    squareRoot: sqrtm.flat(),
  }));
}

/** A generated matrix and a right-hand side for it, both row by row. */
export interface Problem {
  readonly n: number;
  readonly columns: number;
  readonly matrix: Float64Array;
  readonly b: Float64Array;
}

/** Square matrices of numbers in [−1, 1], of up to eight rows. */
export const squareProblems = problems((matrix) => matrix);

/** Square matrices whose diagonal outweighs its rows, so that systems are well conditioned. */
export const dominantProblems = problems((matrix, n) =>
  matrix.map((value, i) => (isDiagonal(i, n) ? value + (value < 0 ? -n : n) : value)),
);

/** Symmetric matrices of numbers in [−1, 1]. */
export const symmetricProblems = problems((matrix, n) => {
  const mirrored = transposed(matrix, n);
  return matrix.map((value, i) => (value + mirrored[i]) / 2);
});

/** Symmetric positive definite matrices B Bᵀ + I/10, of condition below 1,000. */
export const positiveProblems = problems((matrix, n) =>
  multiply(matrix, transposed(matrix, n), n).map((value, i) => (isDiagonal(i, n) ? value + 0.1 : value)),
);

/** A B for a matrix A of n columns and B of n rows. */
export function multiply(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const columns = b.length / n;
  return Float64Array.from({ length: (a.length / n) * columns }, (_, place) => {
    const row = Math.floor(place / columns);
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[row * n + k] * b[k * columns + (place % columns)];
    return sum;
  });
}

export function transposed(matrix: Float64Array, n: number): Float64Array {
  return matrix.map((_, place) => matrix[(place % n) * n + Math.floor(place / n)]);
}

export function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, i) => (isDiagonal(i, n) ? 1 : 0));
}

/** Fails where an element is further from its expectation than the tolerance, relative to the largest expected one. */
export function expectMatrix(actual: Float64Array, expected: ArrayLike<number>, tolerance = 1e-10): void {
  expect(actual.length).toBe(expected.length);
  const scale = Array.from(expected).reduce((largest, value) => Math.max(largest, Math.abs(value)), Number.MIN_VALUE);
  for (let i = 0; i < actual.length; i++) {
    if (!(Math.abs(actual[i] - expected[i]) <= tolerance * scale)) expect(actual[i]).toBe(expected[i]);
  }
}

/** Fails unless a kernel, on a matrix inside a larger array, gives the same bits and touches nothing beside its result. */
export function expectInside(
  matrix: Float64Array,
  expected: Float64Array,
  kernel: (array: Float64Array, offset: number, out: Float64Array, outOffset: number) => void,
): void {
  const around = Float64Array.from([7, 7, ...matrix, 7]);
  const out = new Float64Array(expected.length + 4).fill(5);
  kernel(around, 2, out, 3);
  expect([...out]).toEqual([5, 5, 5, ...expected, 5]);
  expect([...around]).toEqual([7, 7, ...matrix, 7]);
}

function isDiagonal(i: number, n: number): boolean {
  return i % (n + 1) === 0;
}

function problems(shape: (matrix: Float64Array, n: number) => Float64Array): fc.Arbitrary<Problem> {
  const element = evenly({ min: -1, max: 1 });
  const numbers = (length: number): fc.Arbitrary<Float64Array> =>
    fc.array(element, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));
  return fc
    .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 3 }))
    .chain(([n, columns]) =>
      fc.record({
        n: fc.constant(n),
        columns: fc.constant(columns),
        matrix: numbers(n * n).map((matrix) => shape(matrix, n)),
        b: numbers(n * columns),
      }),
    );
}

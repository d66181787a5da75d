import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectInside, expectMatrix, identity, multiply, positiveProblems, referenceMatrices, symmetricProblems, transposed } from "../test/matrices.js";
import { choleskyFactor, choleskyLogDeterminant } from "./cholesky.js";
import { NumericalError, OptionError, ShapeError } from "./errors.js";
import { log } from "./log.js";
import type { SymmetricEigen } from "./symmetric-eigen.js";
import { symmetricEigen, symmetricEigenAt } from "./symmetric-eigen.js";

test("two rows by hand", () => {
  const { values, vectors } = symmetricEigen([2, 1, 1, 2]);
  expectMatrix(values, [1, 3]);
  expectMatrix(vectors.map(Math.abs), [Math.SQRT1_2, Math.SQRT1_2, Math.SQRT1_2, Math.SQRT1_2]);
});

test("an eigenvalue that comes three times has three eigenvectors", () => {
  const { values, vectors } = symmetricEigen(identity(3));
  expect([...values]).toEqual([1, 1, 1]);
  expect([...vectors]).toEqual([...identity(3)]);
});

test("results go into the arrays that are given", () => {
  const out = { values: new Float64Array(2), vectors: new Float64Array(4) };
  const { values, vectors } = symmetricEigen([3, 0, 0, 1], out);
  expect(values).toBe(out.values);
  expect(vectors).toBe(out.vectors);
  expect([...values]).toEqual([1, 3]);
  expect([...vectors]).toEqual([0, 1, 1, 0]);
});

/** V diag(λ) Vᵀ. */
function composed({ values, vectors }: SymmetricEigen): Float64Array {
  const n = values.length;
  return multiply(vectors.map((value, i) => value * values[i % n]), transposed(vectors, n), n);
}

describe("laws", () => {
  test("V diag(λ) Vᵀ is the matrix, V is orthogonal, λ ascends", () => {
    fc.assert(
      fc.property(symmetricProblems, ({ n, matrix }) => {
        const eigen = symmetricEigen(matrix);
        expectMatrix(composed(eigen), matrix, 1e-13);
        expectMatrix(multiply(transposed(eigen.vectors, n), eigen.vectors, n), identity(n), 1e-13);
        expect([...eigen.values]).toEqual([...eigen.values].sort((a, b) => a - b));
      }),
    );
  });

  test("eigenvalues sum to the trace; of a positive definite matrix they multiply to the determinant", () => {
    fc.assert(
      fc.property(positiveProblems, ({ n, matrix }) => {
        const { values } = symmetricEigen(matrix);
        const trace = matrix.reduce((sum, value, i) => (i % (n + 1) === 0 ? sum + value : sum), 0);
        expectMatrix(Float64Array.of(values.reduce((a, b) => a + b)), [trace]);
        const logDeterminant = values.reduce((sum, value) => sum + log(value), 0);
        expect(Math.abs(logDeterminant - choleskyLogDeterminant(choleskyFactor(matrix)))).toBeLessThanOrEqual(1e-10);
      }),
    );
  });

  test("a matrix of low rank has as many zeros, and any scale is as good as another", () => {
    fc.assert(
      fc.property(symmetricProblems, fc.integer({ min: -1000, max: 1000 }), ({ n, matrix }, exponent) => {
        const row = matrix.subarray(0, n);
        const outer = multiply(Float64Array.from(row), Float64Array.from(row), 1);
        const { values } = symmetricEigen(outer);
        const square = row.reduce((sum, value) => sum + value * value, 0);
        expectMatrix(values, [...new Float64Array(n - 1), square], 1e-14);
        const scale = 2 ** exponent;
        const scaled = symmetricEigen(matrix.map((value) => value * scale));
        expect(scaled.values).toEqual(symmetricEigen(matrix).values.map((value) => value * scale));
      }),
    );
  });

  test("kernels inside larger arrays give the same bits, and read the lower triangle alone", () => {
    fc.assert(
      fc.property(symmetricProblems, ({ n, matrix }) => {
        const eigen = symmetricEigen(matrix);
        const half = matrix.map((value, i) => (i % n > Math.floor(i / n) ? 99 : value));
        expectInside(half, eigen.vectors, (array, offset, out, outOffset) => {
          const values = new Float64Array(n + 1);
          symmetricEigenAt(array, offset, n, values, 1, out, outOffset);
          expect([...values]).toEqual([0, ...eigen.values]);
        });
      }),
    );
  });
});

test.each(referenceMatrices())("SciPy's eigenvalues, $n rows", ({ matrix, eigenvalues }) => {
  expectMatrix(symmetricEigen(matrix).values, eigenvalues);
});

test("the small eigenvalue of a graded matrix keeps its digits", () => {
  // [[1, 1e-10], [1e-10, 2e-20]]: the product of the eigenvalues is 1e-20, and the larger is 1 + 1e-20.
  const { values } = symmetricEigen([1, 1e-10, 1e-10, 2e-20]);
  expect(Math.abs(values[0] / 1e-20 - 1)).toBeLessThan(1e-14);
});

test("sixty rows of large and tiny numbers", () => {
  const n = 60;
  const matrix = Float64Array.from({ length: n * n }, (_, i) => 1 / (Math.floor(i / n) + (i % n) + 1));
  const eigen = symmetricEigen(matrix);
  expectMatrix(composed(eigen), matrix, 1e-13);
  expectMatrix(multiply(transposed(eigen.vectors, n), eigen.vectors, n), identity(n), 1e-13);
});

test("errors name the argument; kernels pass NaN on", () => {
  expect(() => symmetricEigen([1, 2, 3, 4])).toThrow(OptionError);
  expect(() => symmetricEigen([1, 2, 3, 4])).toThrow("matrix: expected a symmetric matrix, got 3 at [1, 0] and 2 at [0, 1]");
  expect(() => symmetricEigen([1, 2])).toThrow(ShapeError);
  expect(() => symmetricEigen([Number.NaN])).toThrow(NumericalError);
  const values = new Float64Array(2);
  const vectors = new Float64Array(4);
  for (const spoilt of [Number.NaN, Infinity]) {
    symmetricEigenAt([1, 0, spoilt, 1], 0, 2, values, 0, vectors, 0);
    expect([...values, ...vectors]).toEqual(new Array(6).fill(Number.NaN));
  }
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectInside, expectMatrix, identity, multiply, positiveProblems, referenceMatrices, transposed } from "../test/matrices.js";
import {
  choleskyFactor,
  choleskyFactorAt,
  choleskyLogDeterminant,
  choleskyLogDeterminantAt,
  choleskySolve,
  solveSymmetricPositiveDefinite,
} from "./cholesky.js";
import { NumericalError, OptionError, ShapeError } from "./errors.js";
import { luDeterminant, luFactor } from "./lu.js";
import { log } from "./log.js";

test("a factor, a solution and a determinant by hand", () => {
  expect([...choleskyFactor([4, 2, 2, 5])]).toEqual([2, 0, 1, 2]);
  expect([...solveSymmetricPositiveDefinite([4, 2, 2, 5], [8, 8])]).toEqual([1.5, 1]);
  expect(choleskyLogDeterminant([2, 0, 1, 2])).toBe(log(16));
});

test("results go into the array that is given, be it an input", () => {
  const matrix = Float64Array.of(4, 2, 2, 5);
  expect(choleskyFactor(matrix, matrix)).toBe(matrix);
  expect([...matrix]).toEqual([2, 0, 1, 2]);
  const b = Float64Array.of(8, 8);
  expect(choleskySolve(matrix, b, b)).toBe(b);
  expect([...b]).toEqual([1.5, 1]);
});

describe("laws", () => {
  test("L Lᵀ is the matrix, L is lower triangular and its diagonal positive", () => {
    fc.assert(
      fc.property(positiveProblems, ({ n, matrix }) => {
        const factor = choleskyFactor(matrix);
        expectMatrix(multiply(factor, transposed(factor, n), n), matrix);
        for (let i = 0; i < n; i++) {
          expect(factor[i * n + i]).toBeGreaterThan(0);
          for (let j = i + 1; j < n; j++) expect(factor[i * n + j]).toBe(0);
        }
      }),
    );
  });

  test("a solution times the matrix is the right-hand side", () => {
    fc.assert(
      fc.property(positiveProblems, ({ n, matrix, b }) => {
        expectMatrix(multiply(matrix, solveSymmetricPositiveDefinite(matrix, b), n), b);
      }),
    );
  });

  test("the logarithm of the determinant is that of LU's", () => {
    fc.assert(
      fc.property(positiveProblems, ({ matrix }) => {
        expectMatrix(Float64Array.of(choleskyLogDeterminant(choleskyFactor(matrix))), [log(luDeterminant(luFactor(matrix)))]);
      }),
    );
  });

  test("a matrix with a negative eigenvalue has no factor, and the rows that have one are counted", () => {
    fc.assert(
      fc.property(positiveProblems, fc.nat(), ({ n, matrix }, place) => {
        const row = place % n;
        const spoilt = matrix.slice();
        spoilt[row * (n + 1)] = -1;
        expect(choleskyFactorAt(spoilt, 0, n, new Float64Array(n * n), 0)).toBe(row);
        expect(() => choleskyFactor(spoilt)).toThrow(`leading ${row + 1} × ${row + 1} part is not`);
      }),
    );
  });

  test("kernels inside larger arrays give the same bits", () => {
    fc.assert(
      fc.property(positiveProblems, ({ n, matrix }) => {
        const factor = choleskyFactor(matrix);
        expectInside(matrix, factor, (array, offset, out, outOffset) => {
          expect(choleskyFactorAt(array, offset, n, out, outOffset)).toBe(n);
        });
        expect(choleskyLogDeterminantAt(Float64Array.of(9, ...factor), 1, n)).toBe(choleskyLogDeterminant(factor));
      }),
    );
  });
});

describe.each(referenceMatrices())("SciPy's values, $n rows", ({ n, matrix, b, cholesky, solve, logDeterminant, inverse }) => {
  test("factor, solution, inverse and determinant", () => {
    const factor = choleskyFactor(matrix);
    expectMatrix(factor, cholesky);
    expectMatrix(solveSymmetricPositiveDefinite(matrix, b), solve);
    expectMatrix(choleskySolve(factor, identity(n)), inverse);
    expectMatrix(Float64Array.of(choleskyLogDeterminant(factor)), [logDeterminant]);
  });
});

describe("errors", () => {
  const refused: [() => unknown, typeof OptionError | typeof ShapeError | typeof NumericalError, string][] = [
    [() => choleskyFactor([1, 2, 3]), ShapeError, "matrix: expected a square matrix of n × n numbers, got [1, 2, 3]"],
    [() => choleskyFactor([]), ShapeError, "matrix: expected a square matrix of n × n numbers, got []"],
    [() => choleskyFactor("1234" as unknown as number[]), OptionError, 'matrix: expected an array or typed array of numbers, got "1234"'],
    [() => choleskyFactor([1, Number.NaN, 2, 1]), NumericalError, "matrix at [0, 1]: expected a finite number, got NaN"],
    [() => choleskyFactor([1, 2, 3, 9]), OptionError, "matrix: expected a symmetric matrix, got 3 at [1, 0] and 2 at [0, 1]"],
    [() => choleskyFactor([1, 2, 2, 1]), OptionError, "matrix: expected a positive definite matrix, got one whose leading 2 × 2 part is not"],
    [() => choleskyFactor([1], new Float64Array(2)), ShapeError, "out: expected length 1, got a Float64Array of length 2"],
    [() => choleskyFactor([1], [0] as unknown as Float64Array), OptionError, "out: expected a Float64Array, got [0]"],
    [() => choleskySolve([1, 0, 1, 1], [1, 2, 3]), ShapeError, "b: expected a vector of 2 or a matrix of 2 rows, got [1, 2, 3]"],
    [() => choleskySolve([1, 0, 1, 1], []), ShapeError, "b: expected a vector of 2 or a matrix of 2 rows, got []"],
    [() => choleskySolve([1, 0, 1, 1], [1, Infinity]), NumericalError, "b at [1]: expected a finite number, got Infinity"],
    [() => choleskySolve([1, 0, 1, 1], [1, 2, Number.NaN, 1]), NumericalError, "b at [1, 0]: expected a finite number, got NaN"],
    [() => choleskyLogDeterminant([1, 0, 1, -2]), OptionError, "factor at [1, 1]: expected a positive number, got -2"],
  ];
  test.each(refused)("%s", (act, kind, message) => {
    expect(act).toThrow(kind);
    expect(act).toThrow(message);
  });

  test("mirrored elements may differ by rounding", () => {
    expect([...choleskyFactor([4, 2 + 1e-13, 2, 5])]).toEqual([2, 0, 1, 2]);
  });
});

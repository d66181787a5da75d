import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dominantProblems, expectInside, expectMatrix, multiply, transposed } from "../test/matrices.js";
import { OptionError } from "./errors.js";
import {
  solveLowerTriangular,
  solveLowerTriangularAt,
  solveLowerTriangularTransposed,
  solveLowerTriangularTransposedAt,
} from "./triangular.js";

test("two rows by hand", () => {
  expect([...solveLowerTriangular([2, 0, 1, 4], [2, 9])]).toEqual([1, 2]);
  expect([...solveLowerTriangularTransposed([2, 0, 1, 4], [4, 8])]).toEqual([1, 2]);
});

/** The lower triangle of a matrix. */
function lower(matrix: Float64Array, n: number): Float64Array {
  return matrix.map((value, i) => (i % n <= Math.floor(i / n) ? value : 0));
}

describe("laws", () => {
  test("the factor times the solution is the right-hand side, whatever stands above the diagonal", () => {
    fc.assert(
      fc.property(dominantProblems, ({ n, matrix, b }) => {
        const factor = lower(matrix, n);
        expectMatrix(multiply(factor, solveLowerTriangular(matrix, b), n), b);
        expectMatrix(multiply(transposed(factor, n), solveLowerTriangularTransposed(matrix, b), n), b);
      }),
    );
  });

  test("kernels inside larger arrays give the same bits", () => {
    fc.assert(
      fc.property(dominantProblems, ({ n, columns, matrix, b }) => {
        const kernels = [
          [solveLowerTriangularAt, solveLowerTriangular],
          [solveLowerTriangularTransposedAt, solveLowerTriangularTransposed],
        ] as const;
        for (const [kernel, solve] of kernels) {
          expectInside(matrix, solve(matrix, b), (array, offset, out, outOffset) => {
            out.set(b, outOffset);
            kernel(array, offset, n, out, outOffset, columns);
          });
        }
      }),
    );
  });
});

test("a zero on the diagonal is named", () => {
  for (const solve of [solveLowerTriangular, solveLowerTriangularTransposed]) {
    expect(() => solve([1, 0, 1, 0], [1, 1])).toThrow(OptionError);
    expect(() => solve([1, 0, 1, 0], [1, 1])).toThrow("factor at [1, 1]: expected no zero on the diagonal, got 0");
  }
});

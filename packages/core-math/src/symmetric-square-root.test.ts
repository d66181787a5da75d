import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectInside, expectMatrix, multiply, positiveProblems, referenceMatrices } from "../test/matrices.js";
import { NumericalError, OptionError, ShapeError } from "./errors.js";
import { symmetricEigen } from "./symmetric-eigen.js";
import { symmetricSquareRoot, symmetricSquareRootAt } from "./symmetric-square-root.js";

test("a diagonal, and a matrix by hand", () => {
  expect([...symmetricSquareRoot([4, 0, 0, 9])]).toEqual([2, 0, 0, 3]);
  expectMatrix(symmetricSquareRoot([5, 4, 4, 5]), [2, 1, 1, 2]);
  const matrix = Float64Array.of(5, 4, 4, 5);
  expect(symmetricSquareRoot(matrix, matrix)).toBe(matrix);
  expectMatrix(matrix, [2, 1, 1, 2]);
});

test("a semi-definite matrix has a root", () => {
  expectMatrix(symmetricSquareRoot([1, 1, 1, 1]), [Math.SQRT1_2, Math.SQRT1_2, Math.SQRT1_2, Math.SQRT1_2]);
  expect([...symmetricSquareRoot([0])]).toEqual([0]);
});

describe("laws", () => {
  test("its square is the matrix; it is symmetric and positive definite", () => {
    fc.assert(
      fc.property(positiveProblems, ({ n, matrix }) => {
        const root = symmetricSquareRoot(matrix);
        expectMatrix(multiply(root, root, n), matrix, 1e-13);
        for (let i = 0; i < n * n; i++) expect(root[i]).toBe(root[(i % n) * n + Math.floor(i / n)]);
        expect(symmetricEigen(root).values[0]).toBeGreaterThan(0);
      }),
    );
  });

  test("a matrix of low rank has a root, though rounding makes some of its eigenvalues negative", () => {
    fc.assert(
      fc.property(positiveProblems, ({ n, matrix }) => {
        const row = Float64Array.from(matrix.subarray(0, n));
        const outer = multiply(row, row, 1);
        const root = symmetricSquareRoot(outer);
        expectMatrix(multiply(root, root, n), outer, 1e-13);
      }),
    );
  });

  test("kernels inside larger arrays give the same bits, and the least eigenvalue", () => {
    fc.assert(
      fc.property(positiveProblems, ({ n, matrix }) => {
        expectInside(matrix, symmetricSquareRoot(matrix), (array, offset, out, outOffset) => {
          expect(symmetricSquareRootAt(array, offset, n, out, outOffset)).toBe(symmetricEigen(matrix).values[0]);
        });
      }),
    );
  });
});

test.each(referenceMatrices())("SciPy's root, $n rows", ({ matrix, squareRoot }) => {
  expectMatrix(symmetricSquareRoot(matrix), squareRoot);
});

test("errors name the argument; kernels pass NaN on", () => {
  expect(() => symmetricSquareRoot([1, 2, 2, 1])).toThrow(OptionError);
  expect(() => symmetricSquareRoot([1, 2, 2, 1])).toThrow("matrix: expected a positive semi-definite matrix, got an eigenvalue of -1");
  expect(() => symmetricSquareRoot([0, 1, 1, 0])).toThrow(OptionError);
  expect(() => symmetricSquareRoot([1, 2, 3])).toThrow(ShapeError);
  expect(() => symmetricSquareRoot([Infinity])).toThrow(NumericalError);
  const out = new Float64Array(4);
  expect(symmetricSquareRootAt([1, 0, Number.NaN, 1], 0, 2, out, 0)).toBeNaN();
  expect([...out]).toEqual(new Array(4).fill(Number.NaN));
});

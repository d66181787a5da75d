import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dominantProblems, expectMatrix, identity, multiply, referenceMatrices, squareProblems, transposed } from "../test/matrices.js";
import { NumericalError, OptionError, ShapeError } from "./errors.js";
import { exp } from "./exp.js";
import { luDeterminant, luFactor, luSolve, luSolveTransposed } from "./lu.js";

test("a system that needs its rows swapped", () => {
  const factors = luFactor([0, 2, 4, 1]);
  expect([...luSolve(factors, [2, 9])]).toEqual([2, 1]);
  expect([...luSolveTransposed(factors, [4, 5])]).toEqual([2, 1]);
  expect(luDeterminant(factors)).toBe(-8);
});

test("results go into the array that is given, be it the right-hand side", () => {
  const factors = luFactor([0, 2, 4, 1]);
  const b = Float64Array.of(2, 9);
  expect(luSolve(factors, b, b)).toBe(b);
  expect([...b]).toEqual([2, 1]);
  b.set([4, 5]);
  expect(luSolveTransposed(factors, b, b)).toBe(b);
  expect([...b]).toEqual([2, 1]);
});

describe("laws", () => {
  test("L U is the matrix with its rows permuted, and no multiplier exceeds 1", () => {
    fc.assert(
      fc.property(squareProblems, ({ n, matrix }) => {
        const { factor, permutation } = luFactor(matrix);
        const below = factor.map((value, i) => (i % n < Math.floor(i / n) ? value : i % (n + 1) === 0 ? 1 : 0));
        const above = factor.map((value, i) => (i % n < Math.floor(i / n) ? 0 : value));
        const permuted = [...permutation].flatMap((row) => [...matrix.subarray(row * n, (row + 1) * n)]);
        expectMatrix(multiply(below, above, n), permuted);
        for (const multiplier of below) expect(Math.abs(multiplier)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("a solution times the matrix is the right-hand side, wherever the pivots stand", () => {
    fc.assert(
      fc.property(dominantProblems, fc.nat(), ({ n, matrix, b }, turn) => {
        const first = (turn % n) * n;
        const turned = Float64Array.from([...matrix.subarray(first), ...matrix.subarray(0, first)]);
        const factors = luFactor(turned);
        expectMatrix(multiply(turned, luSolve(factors, b), n), b);
        expectMatrix(multiply(transposed(turned, n), luSolveTransposed(factors, b), n), b);
      }),
    );
  });

  test("determinants multiply, and a swap of rows turns the sign", () => {
    fc.assert(
      fc.property(dominantProblems, ({ n, matrix }) => {
        const determinant = luDeterminant(luFactor(matrix));
        const square = luDeterminant(luFactor(multiply(matrix, matrix, n)));
        expect(Math.abs(square - determinant * determinant)).toBeLessThanOrEqual(1e-10 * Math.abs(square));
        const swapped = Float64Array.from([...matrix.subarray(n), ...matrix.subarray(0, n)]);
        const sign = n % 2 === 0 ? -1 : 1;
        expect(Math.abs(luDeterminant(luFactor(swapped)) - sign * determinant)).toBeLessThanOrEqual(1e-10 * Math.abs(determinant));
      }),
    );
  });
});

describe.each(referenceMatrices())("SciPy's values, $n rows", ({ n, matrix, b, solve, inverse, logDeterminant }) => {
  test("solution, inverse and determinant", () => {
    const factors = luFactor(matrix);
    expectMatrix(luSolve(factors, b), solve);
    expectMatrix(luSolve(factors, identity(n)), inverse);
    expectMatrix(Float64Array.of(luDeterminant(factors)), [exp(logDeterminant)]);
  });
});

test("errors name the argument and what is wrong with it", () => {
  const singular = luFactor([1, 2, 2, 4]);
  expect(Math.abs(luDeterminant(singular))).toBe(0);
  for (const solve of [luSolve, luSolveTransposed]) {
    expect(() => solve(singular, [1, 1])).toThrow(OptionError);
    expect(() => solve(singular, [1, 1])).toThrow("factors: expected those of an invertible matrix, got a zero pivot in column 1");
    expect(() => solve(luFactor([1]), [])).toThrow(ShapeError);
  }
  expect(() => luFactor([1, 2])).toThrow("matrix: expected a square matrix of n × n numbers, got [1, 2]");
  expect(() => luFactor([1, 2, Infinity, 1])).toThrow(NumericalError);
  expect(() => luFactor([1, 2, Infinity, 1])).toThrow("matrix at [1, 0]: expected a finite number, got Infinity");
});

import { Random } from "@uphill/core-math";
import fc from "fast-check";
import { normals } from "./generators.js";

/** A B for square matrices, row by row. */
export function product(a: ArrayLike<number>, b: ArrayLike<number>, n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, k) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += a[Math.floor(k / n) * n + j] * b[j * n + (k % n)];
    return sum;
  });
}

/** Aᵀ, row by row. */
export function transposed(a: ArrayLike<number>, n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, k) => a[(k % n) * n + Math.floor(k / n)]);
}

/** A x. */
export function applied(a: ArrayLike<number>, x: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: x.length }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < x.length; j++) sum += a[i * x.length + j] * x[j];
    return sum;
  });
}

/** A random matrix whose columns are orthonormal, by Gram and Schmidt. */
function orthogonal(n: number, random: Random): Float64Array {
  const rows: Float64Array[] = [];
  for (let i = 0; i < n; i++) {
    let row = normals(n, 1, random);
    for (let pass = 0; pass < 2; pass++) {
      for (const other of rows) {
        const along = row.reduce((sum, x, k) => sum + x * other[k], 0);
        row = row.map((x, k) => x - along * other[k]);
      }
    }
    const size = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    rows.push(row.map((x) => x / size));
  }
  return Float64Array.from(rows.flatMap((row) => [...row]));
}

/** Q diag(λ) Qᵀ, symmetric to the bit. */
function withEigenvalues(q: Float64Array, values: readonly number[]): Float64Array {
  const n = values.length;
  const matrix = product(q.map((x, k) => x * values[k % n]), transposed(q, n), n);
  return matrix.map((x, k) => (x + matrix[(k % n) * n + Math.floor(k / n)]) / 2);
}

/** What a quadratic model is made of: its gradient, eigenvectors and eigenvalues. */
export interface Quadratic {
  readonly n: number;
  readonly vectors: Float64Array;
  readonly values: readonly number[];
  readonly hessian: Float64Array;
  readonly gradient: Float64Array;
  readonly radius: number;
  readonly random: Random;
}

/** Quadratic models of 1 to 5 dimensions, with eigenvalues of either sign, some of them equal or 0, or all positive. */
export function quadratics(definite: boolean): fc.Arbitrary<Quadratic> {
  return fc
    .record({
      seed: fc.nat(),
      drawn: fc.array(fc.integer({ min: -3, max: 6 }), { minLength: 1, maxLength: 5 }),
      radius: fc.constantFrom(0.1, 1, 10),
    })
    .map(({ seed, drawn, radius }) => {
      const random = new Random(seed);
      const values = drawn.map((value) => (definite ? Math.abs(value) + 0.5 : value));
      const n = values.length;
      const vectors = orthogonal(n, random);
      return { n, vectors, values, hessian: withEigenvalues(vectors, values), gradient: normals(n, 1, random), radius, random };
    });
}

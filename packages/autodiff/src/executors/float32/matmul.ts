import type { PrimitiveAttributes } from "../../primitives/primitive.js";
import type { KernelMaker } from "../planned/kernel.js";
import { lengthsOf } from "../planned/kernel.js";

type Memory = Float32Array | Int32Array;

/** Where element (i, k) of a matrix lies: at i·row + k·column. */
interface Layout {
  readonly row: number;
  readonly column: number;
}

/**
 * op(A)·op(B) for float32 matrices: tiles of 4 × 4 in float64 accumulators, each sum rounded once.
 *
 * Strides make one loop serve all orientations.
 */
export const matmul: KernelMaker = (node, [a, b], out) => {
  const { transposeA, transposeB } = node.attributes as PrimitiveAttributes["matmul"];
  let [rows, columns, inner] = [0, 0, 0];
  let left: Layout;
  let right: Layout;
  return {
    bind: (bindings) => {
      [rows, columns] = lengthsOf(node, bindings) as [number, number];
      inner = lengthsOf(a.tensor, bindings)[transposeA ? 0 : 1];
      left = transposeA ? { row: 1, column: rows } : { row: inner, column: 1 };
      right = transposeB ? { row: 1, column: inner } : { row: columns, column: 1 };
    },
    run: () => {
      const [x, y, z] = [a.slot.data, b.slot.data, out.data];
      const tiledRows = rows - (rows % 4);
      const tiledColumns = columns - (columns % 4);
      for (let i = 0; i < tiledRows; i += 4) {
        for (let j = 0; j < tiledColumns; j += 4) tile(x, i, left, y, j, right, z, columns, inner);
      }
      edge(x, 0, tiledRows, left, y, tiledColumns, columns, right, z, columns, inner);
      edge(x, tiledRows, rows, left, y, 0, columns, right, z, columns, inner);
    },
  };
};

function tile(
  x: Memory, i: number, left: Layout,
  y: Memory, j: number, right: Layout,
  z: Memory, columns: number, inner: number,
): void {
  let s00 = 0, s01 = 0, s02 = 0, s03 = 0;
  let s10 = 0, s11 = 0, s12 = 0, s13 = 0;
  let s20 = 0, s21 = 0, s22 = 0, s23 = 0;
  let s30 = 0, s31 = 0, s32 = 0, s33 = 0;
  const { row: xr, column: xk } = left;
  const { row: yk, column: yc } = right;
  for (let k = 0, p = i * xr, q = j * yc; k < inner; k++, p += xk, q += yk) {
    const a0 = x[p], a1 = x[p + xr], a2 = x[p + 2 * xr], a3 = x[p + 3 * xr];
    const b0 = y[q], b1 = y[q + yc], b2 = y[q + 2 * yc], b3 = y[q + 3 * yc];
    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3;
    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3;
    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3;
    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3;
  }
  let o = i * columns + j;
  z[o] = s00; z[o + 1] = s01; z[o + 2] = s02; z[o + 3] = s03;
  o += columns;
  z[o] = s10; z[o + 1] = s11; z[o + 2] = s12; z[o + 3] = s13;
  o += columns;
  z[o] = s20; z[o + 1] = s21; z[o + 2] = s22; z[o + 3] = s23;
  o += columns;
  z[o] = s30; z[o + 1] = s31; z[o + 2] = s32; z[o + 3] = s33;
}

/** The elements that no tile covers: rows i0 … i1 − 1 by columns j0 … j1 − 1, one sum at a time. */
function edge(
  x: Memory, i0: number, i1: number, left: Layout,
  y: Memory, j0: number, j1: number, right: Layout,
  z: Memory, columns: number, inner: number,
): void {
  const { row: xr, column: xk } = left;
  const { row: yk, column: yc } = right;
  for (let i = i0; i < i1; i++) {
    for (let j = j0; j < j1; j++) {
      let sum = 0;
      for (let k = 0, p = i * xr, q = j * yc; k < inner; k++, p += xk, q += yk) sum += x[p] * y[q];
      z[i * columns + j] = sum;
    }
  }
}

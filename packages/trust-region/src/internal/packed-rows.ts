import type { HostArray, Shape, Tensor } from "@uphill/autodiff";

/** The shape of `rows` rows in place of the n rows of matrices [..., n, n]. */
export function packedShape(shape: Shape, rows: number): Shape {
  return shape.with(shape.length - 2, rows);
}

/** Rows `start` … `end − 1` of each matrix of a packed tensor [..., rows, n]. */
export function packedRows(packed: Tensor, start: number, end: number): Tensor {
  return packed.slice(packed.shape.length - 2, start, end);
}

/** How many matrices [n, n] an array [..., rows, n] stands for. */
export function matrixCount({ shape }: HostArray): number {
  let count = 1;
  for (const length of shape.slice(0, -2)) count *= length;
  return count;
}

import { ShapeError } from "@uphill/core-math";
import { formatShape } from "../shape.js";
import { requireFloat } from "./checks.js";
import { addOptional } from "./primitive.js";
import type { Primitive, TensorType } from "./primitive.js";

/** Rows and columns of a matrix as a product reads it. */
function orient(shape: TensorType["shape"], transposed: boolean) {
  const [rows, columns] = shape;
  return transposed ? { rows: columns, columns: rows } : { rows, columns };
}

/** Row of the matrix product op(A)·op(B), where op transposes or not. */
export const linear = {
  matmul: {
    type: ([a, b], { transposeA, transposeB }) => {
      requireFloat("matmul", a);
      requireFloat("matmul", b);
      const shapes = `${formatShape(a.shape)}${transposeA ? "ᵀ" : ""} and ${formatShape(b.shape)}${transposeB ? "ᵀ" : ""}`;
      if (a.shape.length !== 2 || b.shape.length !== 2) {
        throw new ShapeError(`matmul: expected two matrices, got shapes ${shapes}`);
      }
      const left = orient(a.shape, transposeA);
      const right = orient(b.shape, transposeB);
      if (left.columns !== right.rows) {
        throw new ShapeError(`matmul: expected as many columns on the left as rows on the right, got ${shapes}`);
      }
      return { shape: [left.rows, right.columns], dtype: "float32" };
    },
    evaluate: ([a, b], { transposeA, transposeB }, out) => {
      const [rows, columns] = out.shape as [number, number];
      const inner = transposeA ? a.shape[0] : a.shape[1];
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          let sum = 0;
          for (let k = 0; k < inner; k++) {
            const left = a.data[transposeA ? k * rows + i : i * inner + k];
            const right = b.data[transposeB ? j * inner + k : k * columns + j];
            sum += left * right;
          }
          out.data[i * columns + j] = sum;
        }
      }
    },
    forward: ({ inputs: [a, b], attributes }, [da, db]) =>
      addOptional(da?.matmul(b, attributes), db && a.matmul(db, attributes)),
    reverse: ({ inputs: [a, b], attributes: { transposeA, transposeB } }, cotangent) => [
      transposeA
        ? b.matmul(cotangent, { transposeA: transposeB, transposeB: true })
        : cotangent.matmul(b, { transposeB: !transposeB }),
      transposeB
        ? cotangent.matmul(a, { transposeA: true, transposeB: transposeA })
        : a.matmul(cotangent, { transposeA: !transposeA }),
    ],
  } satisfies Primitive<"matmul">,
};

import { OptionError, ShapeError } from "@uphill/core-math";
import { elementCount, formatShape, sameShape } from "../shape.js";
import { requireFloat, requireInteger } from "./checks.js";
import type { Primitive, PrimitiveName } from "./primitive.js";

/**
 * Checks indices as every executor does, before they are used.
 *
 * @param label - What uses them, for the message.
 * @param indices - Integers; the first `count` are checked.
 * @param length - How many rows there are to address.
 * @throws OptionError that names the first index outside 0 … length − 1.
 */
export function validateIndices(
  label: string,
  indices: ArrayLike<number>,
  count: number,
  length: number,
): void {
  for (let i = 0; i < count; i++) {
    const index = indices[i];
    if (index < 0 || index >= length) {
      throw new OptionError(
        length === 0
          ? `${label}: expected a table that is not empty, got one without rows`
          : `${label}: expected indices from 0 to ${length - 1}, got ${index} at position ${i}`,
      );
    }
  }
}

/** Rows of the primitives that address elements by integer tensors. */
export const indexing = {
  // table [n, …r], indices [k…] → [k…, …r]
  gather: {
    type: ([table, indices]) => {
      requireInteger("gather", indices);
      if (table.shape.length === 0) throw new ShapeError("gather: expected a table with rows, got a scalar");
      return { shape: [...indices.shape, ...table.shape.slice(1)], dtype: table.dtype };
    },
    evaluate: ([table, indices], _, out) => {
      validateIndices("gather", indices.data, indices.data.length, table.shape[0]);
      const width = elementCount(table.shape.slice(1));
      for (let row = 0; row < indices.data.length; row++) {
        const source = indices.data[row] * width;
        for (let j = 0; j < width; j++) out.data[row * width + j] = table.data[source + j];
      }
    },
    forward: ({ inputs: [, indices] }, [table]) => table!.gather(indices),
    reverse: ({ inputs: [table, indices] }, cotangent) => [
      table.dtype === "float32" ? cotangent.scatterAdd(indices, table.shape[0]) : undefined,
    ],
  } satisfies Primitive<"gather">,

  // values [k…, …r], indices [k…] → [rows, …r]: zeros, to which each row is added in order
  scatterAdd: {
    type: ([values, indices], { rows }) => {
      requireFloat("scatterAdd", values);
      requireInteger("scatterAdd", indices);
      const lead = values.shape.slice(0, indices.shape.length);
      if (!sameShape(lead, indices.shape)) {
        throw new ShapeError(
          `scatterAdd: expected values that start with the indices' shape ${formatShape(indices.shape)}, got ${formatShape(values.shape)}`,
        );
      }
      return { shape: [rows, ...values.shape.slice(indices.shape.length)], dtype: "float32" };
    },
    evaluate: ([values, indices], _, out) => {
      validateIndices("scatterAdd", indices.data, indices.data.length, out.shape[0]);
      out.data.fill(0);
      const width = elementCount(out.shape.slice(1));
      for (let row = 0; row < indices.data.length; row++) {
        const target = indices.data[row] * width;
        for (let j = 0; j < width; j++) out.data[target + j] += values.data[row * width + j];
      }
    },
    forward: ({ inputs: [, indices], attributes: { rows } }, [values]) => values!.scatterAdd(indices, rows),
    reverse: ({ inputs: [, indices] }, cotangent) => [cotangent.gather(indices)],
  } satisfies Primitive<"scatterAdd">,

  // x […, n], indices […] → […]
  takeAlong: {
    type: ([x, indices]) => {
      requireInteger("takeAlong", indices);
      requireIndexPerRow("takeAlong", x.shape.slice(0, -1), indices.shape, x.shape.length);
      return { shape: indices.shape, dtype: x.dtype };
    },
    evaluate: ([x, indices], _, out) => {
      const width = x.shape.at(-1)!;
      validateIndices("takeAlong", indices.data, indices.data.length, width);
      for (let row = 0; row < out.data.length; row++) out.data[row] = x.data[row * width + indices.data[row]];
    },
    forward: ({ inputs: [, indices] }, [x]) => x!.takeAlong(indices),
    reverse: ({ inputs: [x, indices] }, cotangent) => [
      x.dtype === "float32" ? cotangent.putAlong(indices, x.shape.at(-1)!) : undefined,
    ],
  } satisfies Primitive<"takeAlong">,

  // values […], indices […] → […, size]: zeros but for one element a row
  putAlong: {
    type: ([values, indices], { size }) => {
      requireFloat("putAlong", values);
      requireInteger("putAlong", indices);
      requireIndexPerRow("putAlong", values.shape, indices.shape, 1);
      return { shape: [...values.shape, size], dtype: "float32" };
    },
    evaluate: ([values, indices], _, out) => {
      const width = out.shape.at(-1)!;
      validateIndices("putAlong", indices.data, indices.data.length, width);
      out.data.fill(0);
      for (let row = 0; row < values.data.length; row++) {
        out.data[row * width + indices.data[row]] = values.data[row];
      }
    },
    forward: ({ inputs: [, indices], attributes: { size } }, [values]) => values!.putAlong(indices, size),
    reverse: ({ inputs: [, indices] }, cotangent) => [cotangent.takeAlong(indices)],
  } satisfies Primitive<"putAlong">,
};

function requireIndexPerRow(
  primitive: PrimitiveName,
  rows: readonly (number | string)[],
  indices: readonly (number | string)[],
  rank: number,
): void {
  if (rank === 0 || !sameShape(rows, indices)) {
    throw new ShapeError(
      `${primitive}: expected one index for each row, of shape ${formatShape(rows)}, got ${formatShape(indices)}`,
    );
  }
}

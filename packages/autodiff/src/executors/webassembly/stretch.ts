import type { Shape } from "../../shape.js";

/**
 * How a fused loop reads an operand of a result: whole; one number for all; a row that repeats (a bias); or a column,
 * one number a row. The split is between the axes of rows and those of columns, axes of length 1 not counted.
 */
export type Stretch =
  | { readonly kind: "full" }
  | { readonly kind: "scalar" }
  | { readonly kind: "row" | "column"; readonly split: number };

/** How an operand of shape `from` is stretched to `to`, or undefined where it is none of the ways above. */
export function stretchOf(from: Shape, to: Shape): Stretch | undefined {
  const matches: boolean[] = [];
  to.forEach((dimension, axis) => {
    if (dimension !== 1) matches.push(from[axis - to.length + from.length] === dimension);
  });
  if (matches.every(Boolean)) return { kind: "full" };
  if (!matches.includes(true)) return { kind: "scalar" };
  const changes = matches.flatMap((match, index) => (index > 0 && match !== matches[index - 1] ? [index] : []));
  if (changes.length > 1) return undefined;
  return { kind: matches[0] ? "column" : "row", split: changes[0] };
}

/** Rows and columns of a result of these lengths, split between its axes as above; without a split, one long row. */
export function rowsAndColumns(
  shape: Shape,
  lengths: readonly number[],
  split: number | undefined,
): readonly [rows: number, columns: number] {
  let [rows, columns, counted] = [1, 1, 0];
  lengths.forEach((length, axis) => {
    if (shape[axis] === 1) return;
    if (split !== undefined && counted < split) rows *= length;
    else columns *= length;
    counted++;
  });
  return [rows, columns];
}

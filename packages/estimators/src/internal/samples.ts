import { expectation, OptionError, requireArray, requireFinite, requireInteger, ShapeError } from "@uphill/core-math";

/**
 * The rows of a matrix [K, columns], checked to be whole and finite.
 *
 * @param rows - K, where another argument says it; else it follows from the length, and is at least 1.
 * @returns K.
 */
export function requireRowsOf(argument: string, matrix: ArrayLike<number>, columns: number, rows?: number): number {
  const { length } = requireArray(argument, matrix);
  const count = rows ?? Math.floor(length / columns);
  if (count < 1 || length !== count * columns) {
    const expected = rows === undefined ? `one or more rows of ${columns}` : `${rows} ${rows === 1 ? "row" : "rows"} of ${columns}`;
    throw new ShapeError(`${argument}: expected ${expected}, got ${length} numbers`);
  }
  requireFinite(argument, matrix, columns === 1 ? [count] : [count, columns]);
  return count;
}

/** D: the columns of a matrix [K, D] of K rows, D ≥ 1, checked to be whole and finite. */
export function requireColumnsOf(argument: string, matrix: ArrayLike<number>, rows: number): number {
  const columns = Math.max(1, Math.floor(requireArray(argument, matrix).length / rows));
  requireRowsOf(argument, matrix, columns, rows);
  return columns;
}

/** How many samples there are: a finite array [K] with at least `least` elements. */
export function requireSamples(argument: string, values: ArrayLike<number>, least = 1): number {
  const { length } = requireArray(argument, values);
  if (length < least) {
    throw new ShapeError(`${argument}: expected at least ${least} ${least === 1 ? "sample" : "samples"}, got ${length}`);
  }
  requireFinite(argument, values, [length]);
  return length;
}

/** D: `parameters` of the caller's options, 1 where left out. */
export function requireParameters(parameters: number | undefined): number {
  return requireInteger("parameters", parameters ?? 1, { least: 1 });
}

/** The array for a result: `out`, checked, or a new one. */
export function resultArray(out: Float64Array | undefined, length: number): Float64Array {
  if (out === undefined) return new Float64Array(length);
  if (!(out instanceof Float64Array)) throw new OptionError(expectation("out", "a Float64Array", out));
  return requireArray("out", out, length);
}

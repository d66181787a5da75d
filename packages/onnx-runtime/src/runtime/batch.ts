import { expectation, NumericalError, OptionError, requireArray, ShapeError } from "@uphill/core-math";

/** One observation, or several: one after the other in one array, or each in an array of its own. */
export type Observations = ArrayLike<number> | readonly ArrayLike<number>[];

/** Observations as ONNX Runtime is fed them. */
export interface Batch {
  /** float32 `[count, size]`. */
  readonly data: Float32Array;
  readonly count: number;
}

/**
 * Observations, checked, as one float32 array.
 *
 * @param observations - `count` · `size` numbers, or `count` arrays of `size` numbers; at least one observation.
 * @param size - Length of one observation.
 * @throws OptionError for what is no array; ShapeError for a wrong length; NumericalError for NaN, an infinity, or a number
 *   that is too large for float32.
 */
export function batchOf(observations: Observations, size: number): Batch {
  if (isRows(observations)) return batchOfRows(observations, size);
  requireArray("observations", observations);
  const count = observations.length / size;
  if (!Number.isInteger(count) || count === 0) {
    throw new ShapeError(expectation("observations", `a positive multiple of ${size} numbers`, observations));
  }
  const data = Float32Array.from(observations);
  requireFinite("observations", data, observations);
  return { data, count };
}

/** One observation as a batch of one. Throws as {@link batchOf}. */
export function batchOfOne(observation: ArrayLike<number>, size: number): Batch {
  requireArray("observation", observation, size);
  const data = Float32Array.from(observation);
  requireFinite("observation", data, observation);
  return { data, count: 1 };
}

function batchOfRows(rows: readonly ArrayLike<number>[], size: number): Batch {
  const data = new Float32Array(rows.length * size);
  rows.forEach((row, index) => {
    const argument = `observations[${index}]`;
    const values = Float32Array.from(requireArray(argument, row, size));
    requireFinite(argument, values, row);
    data.set(values, index * size);
  });
  return { data, count: rows.length };
}

function isRows(observations: Observations): observations is readonly ArrayLike<number>[] {
  return Array.isArray(observations) && typeof observations[0] === "object";
}

function requireFinite(argument: string, values: Float32Array, given: ArrayLike<unknown>): void {
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return;
  const value = given[index];
  if (typeof value !== "number") throw new OptionError(expectation(`${argument}[${index}]`, "a number", value));
  throw new NumericalError(expectation(`${argument}[${index}]`, "a finite number that float32 holds", value));
}

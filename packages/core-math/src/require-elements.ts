import { NumericalError, OptionError } from "./errors.js";
import { expectation, requireArray } from "./require.js";

/** How far from 1 a distribution's sum may be. */
const SUM_TOLERANCE = 1e-9;

/**
 * The array, if it has the given shape, row-major, and all its elements are finite.
 *
 * @param argument - Name for the message.
 * @param values - What the caller passed.
 * @param shape - The lengths of its axes.
 * @returns `values`.
 * @throws as {@link requireArray}; NumericalError naming an element that is not finite, as `reward at [1, 0]`.
 */
export function requireFinite<A extends ArrayLike<number>>(argument: string, values: A, shape: readonly number[]): A {
  requireArray(argument, values, sizeOf(shape));
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new NumericalError(expectation(placeName(argument, shape, i), "a finite number", values[i]));
  }
  return values;
}

/**
 * The array, if it has the given shape, row-major, and each row of its last axis is a probability distribution: its
 * elements are at least 0, and sum to 1 within 1e-9.
 *
 * @param argument - Name for the message.
 * @param values - What the caller passed.
 * @param shape - The lengths of its axes, at least one; the last is that of a distribution.
 * @returns `values`.
 * @throws as {@link requireArray}; OptionError naming an element that is no probability, as `policy at [1, 0]`, or a row
 *   that does not sum to 1, or rows of no outcomes.
 */
export function requireProbabilities<A extends ArrayLike<number>>(
  argument: string,
  values: A,
  shape: readonly number[],
): A {
  requireArray(argument, values, sizeOf(shape));
  const outcomes = shape.at(-1) ?? 1;
  if (outcomes === 0) throw new OptionError(`${argument}: expected at least one probability, got none`);
  for (let start = 0; start < values.length; start += outcomes) {
    let sum = 0;
    for (let i = start; i < start + outcomes; i++) {
      const probability = values[i];
      if (!(probability >= 0 && probability < Infinity)) {
        throw new OptionError(expectation(placeName(argument, shape, i), "a probability", probability));
      }
      sum += probability;
    }
    if (Math.abs(sum - 1) <= SUM_TOLERANCE) continue;
    const row = placeName(argument, shape.slice(0, -1), start / outcomes);
    throw new OptionError(`${row}: expected probabilities that sum to 1, got a sum of ${sum}`);
  }
  return values;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** `reward at [1, 0]`: the element's place along each axis; the argument alone where there is no axis. */
function placeName(argument: string, shape: readonly number[], index: number): string {
  const places: number[] = [];
  let rest = index;
  for (const length of shape.toReversed()) {
    places.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return places.length === 0 ? argument : `${argument} at [${places.join(", ")}]`;
}

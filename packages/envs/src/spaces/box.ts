import {
  expectation,
  FormatError,
  log,
  OptionError,
  type Random,
  requireInteger,
  requireObject,
  ShapeError,
} from "@uphill/core-math";
import { readFields, readList, readNumbers, savedNumbers } from "../internal/saved.js";
import type { JsonValue } from "../json.js";

/** What {@link box} takes. */
export interface BoxOptions {
  /** Lowest value of every element: one number for all, or one each, row-major. `-Infinity` for none. */
  readonly low: number | ArrayLike<number>;
  /** Highest value of every element, as `low`. `Infinity` for none. */
  readonly high: number | ArrayLike<number>;
  /** Lengths of the axes. Where left out, a vector as long as `low` or `high`; of one element where both are numbers. */
  readonly shape?: readonly number[];
}

/**
 * The box {x ∈ ℝⁿ : lowᵢ ≤ xᵢ ≤ highᵢ} in float32: the space of observations, and of continuous actions.
 *
 * A point of it is a flat `Float32Array` of `size` elements, row-major where `shape` has several axes. Infinite bounds
 * bound nothing, and an infinity is never in a box: points are finite.
 */
export class Box {
  readonly kind = "box";
  /** Lengths of the axes. */
  readonly shape: readonly number[];
  /** Number of elements: the product of `shape`. */
  readonly size: number;
  /** Lowest values, float32 `[size]`. */
  readonly low: Float32Array;
  /** Highest values, float32 `[size]`. */
  readonly high: Float32Array;

  /**
   * @param options - Bounds and shape; see {@link BoxOptions}. Bounds are rounded to float32.
   * @throws OptionError for a NaN bound, a `low` above its `high`, or an axis that is no positive integer; ShapeError
   *   where bounds and shape differ in length.
   */
  constructor(options: BoxOptions) {
    requireObject("options", options);
    const { low, high } = options;
    this.shape = Object.freeze([...(options.shape ?? impliedShape(low, high))]);
    this.size = this.shape.reduce(
      (size, length, axis) => size * requireInteger(`shape[${axis}]`, length, { least: 1 }),
      1,
    );
    this.low = bound("low", low, this.size);
    this.high = bound("high", high, this.size);
    for (let i = 0; i < this.size; i++) {
      if (this.low[i] <= this.high[i] && this.low[i] < Infinity && this.high[i] > -Infinity) continue;
      throw new OptionError(`low[${i}]: expected a number ≤ high[${i}] = ${this.high[i]}, got ${this.low[i]}`);
    }
  }

  /**
   * Whether a value is a point of the box.
   *
   * @param value - Anything.
   * @returns True for a `Float32Array` of `size` finite elements within the bounds.
   */
  contains(value: unknown): value is Float32Array {
    if (!(value instanceof Float32Array) || value.length !== this.size) return false;
    return value.every((x, i) => Number.isFinite(x) && x >= this.low[i] && x <= this.high[i]);
  }

  /**
   * A random point: uniform where both bounds are finite, standard normal where none is, and the bound plus or minus a
   * unit exponential where one is.
   *
   * @param random - The stream it draws from.
   * @param mask - None: a box has no choices to leave out.
   * @returns Float32 `[size]`.
   * @throws OptionError for a mask.
   */
  sample(random: Random, mask?: undefined): Float32Array {
    if (mask !== undefined) throw new OptionError(expectation("mask", "none for a box", mask));
    return Float32Array.from(this.low, (low, i) => sampleBetween(low, this.high[i], random));
  }

  /**
   * The nearest point of the box: min(max(x, low), high), element by element.
   *
   * @param point - Float32 `[size]`, no NaN.
   * @param out - Where the result goes, `[size]`; may be `point`. A new array where left out.
   * @returns `out`.
   * @throws ShapeError where a length differs from `size`.
   */
  clip(point: ArrayLike<number>, out: Float32Array = new Float32Array(this.size)): Float32Array {
    if (point.length !== this.size) throw new ShapeError(expectation("point", `${this.size} elements`, point));
    if (out.length !== this.size) throw new ShapeError(expectation("out", `${this.size} elements`, out));
    for (let i = 0; i < this.size; i++) out[i] = Math.min(Math.max(point[i], this.low[i]), this.high[i]);
    return out;
  }

  /** Whether the other value is a box of the same shape and bounds. */
  equals(other: unknown): boolean {
    return (
      other instanceof Box && same(this.shape, other.shape) && same(this.low, other.low) && same(this.high, other.high)
    );
  }

  /** The box as JSON; infinite bounds become strings. `spaceFromJSON` reads it. */
  toJSON(): JsonValue {
    return { kind: "box", shape: this.shape, low: savedNumbers(this.low), high: savedNumbers(this.high) };
  }
}

/**
 * A box of finite or infinite bounds.
 *
 * @example box({ low: -2, high: 2 })                     // one number in [-2, 2]
 * @example box({ low: [0, -Infinity], high: [1, Infinity] }) // a vector of two
 * @param options - See {@link BoxOptions}.
 * @throws OptionError, ShapeError as the {@link Box} constructor.
 */
export function box(options: BoxOptions): Box {
  return new Box(options);
}

/** The box that {@link Box.toJSON} wrote. */
export function boxFromJSON(json: unknown): Box {
  const { shape, low, high } = readFields("space", json);
  const axes = readList("space.shape", shape).map((length, axis) => {
    if (typeof length === "number") return length;
    throw new FormatError(expectation(`space.shape[${axis}]`, "a positive integer", length));
  });
  return new Box({ shape: axes, low: readNumbers("space.low", low), high: readNumbers("space.high", high) });
}

function impliedShape(low: number | ArrayLike<number>, high: number | ArrayLike<number>): readonly number[] {
  if (isList(low)) return [low.length];
  return isList(high) ? [high.length] : [1];
}

function bound(argument: string, values: number | ArrayLike<number>, size: number): Float32Array {
  if (isList(values) && values.length !== size) throw new ShapeError(expectation(argument, `${size} elements`, values));
  return Float32Array.from({ length: size }, (_, i) => {
    const value: unknown = isList(values) ? values[i] : values;
    if (typeof value === "number" && !Number.isNaN(value)) return value;
    throw new OptionError(expectation(isList(values) ? `${argument}[${i}]` : argument, "a number", value));
  });
}

function isList(values: number | ArrayLike<number>): values is ArrayLike<number> {
  return Array.isArray(values) || ArrayBuffer.isView(values);
}

function sampleBetween(low: number, high: number, random: Random): number {
  const bounded = { below: low > -Infinity, above: high < Infinity };
  if (bounded.below && bounded.above) return random.uniform(low, high);
  if (bounded.below) return low - log(1 - random.random());
  if (bounded.above) return high + log(1 - random.random());
  return random.standardNormal();
}

function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.from(a).every((value, i) => value === b[i]);
}

import { constant, where } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { OptionError, ShapeError, describe, expectation, log, requireArray, requireNumber } from "@uphill/core-math";
import type { Support } from "../support.js";

/** The smallest normal float32 and the largest below 1: what stands for 0 and 1 where a density has none there. */
const [leastInside, mostInside] = [2 ** -126, 1 - 2 ** -24];

/** Bounds of each component of a value. */
export class BoxBounds {
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Lower bounds, [d]. */
  readonly lowest: Tensor;
  /** Upper bounds, [d]. */
  readonly highest: Tensor;
  readonly #width: Tensor;
  readonly #centre: Tensor;
  readonly #halfWidth: Tensor;
  /** log(high − low), [d]. */
  readonly logWidth: Tensor;

  /**
   * @param family - How errors call the distribution.
   * @param low - Lower bounds: one a component, or one for all.
   * @param high - Upper bounds.
   * @param size - The number of components.
   * @throws OptionError where a bound is not finite, or high is not above low; ShapeError for another number of bounds.
   */
  constructor(family: string, low: unknown, high: unknown, size: number) {
    this.low = requireBounds(`${family} low`, low, size);
    this.high = requireBounds(`${family} high`, high, size);
    this.high.forEach((bound, i) => {
      if (bound > this.low[i]) return;
      throw new OptionError(expectation(`${family} high[${i}]`, `a number above low[${i}] = ${this.low[i]}`, bound));
    });
    const widths = this.high.map((bound, i) => bound - this.low[i]);
    this.lowest = constant(this.low);
    this.highest = constant(this.high);
    this.#width = constant(widths);
    this.#halfWidth = constant(widths.map((width) => width / 2));
    this.#centre = constant(this.low.map((bound, i) => bound + widths[i] / 2));
    this.logWidth = constant(widths.map((width) => log(width)));
  }

  /** Whether other bounds are these. */
  equals(other: BoxBounds): boolean {
    return this.low.every((bound, i) => bound === other.low[i] && this.high[i] === other.high[i]);
  }

  /** The nearest value in the box: […, d]. */
  within(value: Tensor): Tensor {
    return value.clip(this.lowest, this.highest);
  }

  /** low + (high − low) u, for u from 0 to 1: […, d]. Rounding does not leave the box. */
  fromUnit(unit: Tensor): Tensor {
    return this.within(this.lowest.add(this.#width.mul(unit)));
  }

  /** (x − low)/(high − low): […, d]. */
  toUnit(value: Tensor): Tensor {
    return value.sub(this.lowest).div(this.#width);
  }

  /** centre + half width · t, for t from −1 to 1: […, d]. Rounding does not leave the box. */
  fromSymmetric(t: Tensor): Tensor {
    return this.within(this.#centre.add(this.#halfWidth.mul(t)));
  }

  /** (x − centre)/(half width): […, d]. */
  toSymmetric(value: Tensor): Tensor {
    return value.sub(this.#centre).div(this.#halfWidth);
  }

  /** `inside` where low ≤ value ≤ high, −∞ elsewhere, component by component. */
  minusInfinityOutside(value: Tensor, inside: Tensor): Tensor {
    return where(value.less(this.lowest), -Infinity, where(value.greater(this.highest), -Infinity, inside));
  }

  /** What is within the bounds. */
  get support(): Support {
    return { kind: "box", low: this.low, high: this.high };
  }
}

/** A number in [0, 1] moved into (0, 1) by as little as float32 allows, so that logarithms of it are finite. */
export function insideUnit(unit: Tensor): Tensor {
  return unit.clip(leastInside, mostInside);
}

function requireBounds(argument: string, value: unknown, size: number): readonly number[] {
  if (typeof value === "number") return Array<number>(size).fill(requireNumber(argument, value));
  const list = Array.from(requireArray(argument, value as ArrayLike<number>));
  if (list.length !== size) throw new ShapeError(`${argument}: expected ${size} bounds, got ${describe(value)}`);
  return list.map((bound, i) => requireNumber(`${argument}[${i}]`, bound));
}

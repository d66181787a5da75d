import { FormatError, NumericalError, ShapeError } from "./errors.js";
import { expectation, requireArray, requireInteger } from "./require.js";

/** {@link RunningMoments} as plain JSON. (A type and no interface, as `RandomState`.) */
export type RunningMomentsState = {
  /** Rows seen. */
  readonly count: number;
  /** Mean of each element. */
  readonly mean: readonly number[];
  /** Sum of squared deviations from the mean, of each element. */
  readonly squaredDeviations: readonly number[];
};

/**
 * Mean and variance of each element of a stream of vectors, in one pass:
 *
 *     δ = x − mean,   mean ← mean + δ / n,   M ← M + δ (x − mean),   variance = M / n
 *
 * and of two streams together by {@link merge}. No large sums are subtracted, so that a small spread around a large
 * mean is not lost. (Welford 1962; Chan, Golub and LeVeque 1983, equation 2.1, for the merge.)
 */
export class RunningMoments {
  /** Elements of a vector. */
  readonly size: number;
  /** Mean of each element, `[size]`; zeros before the first row. The array is the statistics' own: read it, copy it. */
  readonly mean: Float64Array;
  readonly #squaredDeviations: Float64Array;
  #count = 0;

  /**
   * @param size - Elements of a vector, at least 1.
   * @throws OptionError where it is no positive integer.
   */
  constructor(size: number) {
    this.size = requireInteger("size", size, { least: 1 });
    this.mean = new Float64Array(size);
    this.#squaredDeviations = new Float64Array(size);
  }

  /** Rows seen so far. */
  get count(): number {
    return this.#count;
  }

  /** Variance of each element over the rows seen, of the population (M / n): a new array, `[size]`; zeros before the first. */
  variance(): Float64Array {
    const count = Math.max(this.#count, 1);
    return this.#squaredDeviations.map((squares) => squares / count);
  }

  /**
   * Takes in rows.
   *
   * @param values - `[rows, size]`, finite; no rows are allowed too.
   * @throws ShapeError where they are no whole rows; NumericalError where one is not finite. Then nothing has changed.
   */
  push(values: ArrayLike<number>): void {
    const { size, mean } = this;
    const { length } = requireArray("values", values);
    if (length % size !== 0) throw new ShapeError(`values: expected rows of ${size} elements, got ${length} in all`);
    for (let i = 0; i < length; i++) {
      if (!Number.isFinite(values[i])) throw new NumericalError(expectation(`values[${i}]`, "a finite number", values[i]));
    }
    for (let row = 0; row < length; row += size) {
      this.#count++;
      for (let i = 0; i < size; i++) {
        const delta = values[row + i] - mean[i];
        mean[i] += delta / this.#count;
        this.#squaredDeviations[i] += delta * (values[row + i] - mean[i]);
      }
    }
  }

  /**
   * Takes in another's rows, as if they had been pushed here, up to rounding.
   *
   * @throws ShapeError where the sizes differ.
   */
  merge(other: RunningMoments): void {
    if (other.size !== this.size) throw new ShapeError(`other: expected size ${this.size}, got ${other.size}`);
    const total = this.#count + other.#count;
    if (total === 0) return;
    const share = other.#count / total;
    for (let i = 0; i < this.size; i++) {
      const delta = other.mean[i] - this.mean[i];
      this.mean[i] += delta * share;
      this.#squaredDeviations[i] += other.#squaredDeviations[i] + delta * delta * this.#count * share;
    }
    this.#count = total;
  }

  /** The statistics as plain JSON. */
  toJSON(): RunningMomentsState {
    return { count: this.#count, mean: [...this.mean], squaredDeviations: [...this.#squaredDeviations] };
  }

  /**
   * The statistics that {@link toJSON} wrote; they go on to the same bits.
   *
   * @param json - The parsed JSON.
   * @throws FormatError where it is not that.
   */
  static fromJSON(json: unknown): RunningMoments {
    const saved = (typeof json === "object" && json !== null ? json : {}) as Partial<Record<string, unknown>>;
    const { count, mean, squaredDeviations } = saved;
    if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 0) {
      throw new FormatError(expectation("moments.count", "a count", count));
    }
    if (!isFinites(mean) || mean.length === 0) {
      throw new FormatError(expectation("moments.mean", "an array of finite numbers", mean));
    }
    if (!isFinites(squaredDeviations) || squaredDeviations.length !== mean.length || squaredDeviations.some((x) => x < 0)) {
      const allowed = `an array of ${mean.length} finite numbers ≥ 0`;
      throw new FormatError(expectation("moments.squaredDeviations", allowed, squaredDeviations));
    }
    const moments = new RunningMoments(mean.length);
    moments.#count = count;
    moments.mean.set(mean);
    moments.#squaredDeviations.set(squaredDeviations);
    return moments;
  }
}

function isFinites(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(Number.isFinite);
}

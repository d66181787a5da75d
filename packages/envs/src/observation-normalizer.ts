import { NumericalError, requireInteger, requireNumber, RunningMoments, ShapeError } from "@uphill/core-math";
import { readMoments } from "./internal/read-moments.js";
import { readFields, readFlag, readNumber } from "./internal/saved.js";
import type { JsonValue } from "./json.js";

/** What {@link ObservationNormalizer} takes. */
export interface ObservationNormalizerOptions {
  /** Elements of an observation. */
  readonly size: number;
  /** Normalised observations lie in [−clip, clip]. Default 10. */
  readonly clip?: number;
  /** Added to the variance, so that an element that never changes is not divided by zero. Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * Running mean and standard deviation of observations, by which a policy normalises what it sees:
 *
 *     clip((x − mean) / √(variance + ε), ±clip)
 *
 * Only `update` changes the statistics: leave them alone while a rollout is collected, so that all of it is normalised
 * alike, and update with its observations afterwards. Until the first update, mean is 0 and standard deviation 1.
 *
 * Source: VecNormalize of Stable-Baselines3, whose statistics start from 1e-4 of an invented sample; these do not.
 */
export class ObservationNormalizer {
  /** Elements of an observation. */
  readonly size: number;
  /** Bound of normalised observations. */
  readonly clip: number;
  /** Added to the variance. */
  readonly epsilon: number;
  /** Where true, `update` and `merge` change nothing: for evaluation. */
  frozen = false;
  private moments: RunningMoments;

  /**
   * @param options - See {@link ObservationNormalizerOptions}.
   * @throws OptionError for a `size` that is no positive integer, or a `clip` or `epsilon` that is not above 0.
   */
  constructor({ size, clip = 10, epsilon = 1e-8 }: ObservationNormalizerOptions) {
    this.size = requireInteger("size", size, { least: 1 });
    this.clip = requireNumber("clip", clip, { above: 0 });
    this.epsilon = requireNumber("epsilon", epsilon, { above: 0 });
    this.moments = new RunningMoments(size);
  }

  /** How many observations the statistics are of. */
  get count(): number {
    return this.moments.count;
  }

  /** Mean of each element, a copy, `[size]`. */
  mean(): Float64Array {
    return Float64Array.from(this.moments.mean);
  }

  /** √(variance + ε) of each element, `[size]`; ones before the first update. */
  standardDeviation(): Float64Array {
    if (this.count === 0) return new Float64Array(this.size).fill(1);
    return this.moments.variance().map((variance) => Math.sqrt(variance + this.epsilon));
  }

  /**
   * Takes observations into the statistics, unless {@link frozen}.
   *
   * @param observations - Any number of rows, `[rows, size]`, finite.
   * @throws ShapeError where they are no whole rows; NumericalError where one is not finite, and nothing has changed.
   */
  update(observations: ArrayLike<number>): void {
    this.requireRows("observations", observations);
    for (let i = 0; i < observations.length; i++) {
      if (Number.isFinite(observations[i])) continue;
      throw new NumericalError(`observations[${i}]: expected a finite number, got ${observations[i]}`);
    }
    if (!this.frozen) this.moments.push(observations);
  }

  /** Takes another's observations into these statistics, as if they had been seen here, unless {@link frozen}. */
  merge(other: ObservationNormalizer): void {
    if (other.size !== this.size) throw new ShapeError(`other: expected size ${this.size}, got ${other.size}`);
    if (!this.frozen) this.moments.merge(other.moments);
  }

  /**
   * Takes over another's statistics.
   *
   * @throws ShapeError where it is of another size.
   */
  copy(other: ObservationNormalizer): void {
    if (other.size !== this.size) throw new ShapeError(`other: expected size ${this.size}, got ${other.size}`);
    this.moments = RunningMoments.fromJSON(other.moments.toJSON());
  }

  /**
   * Observations on the scale of the statistics.
   *
   * @param observations - `[rows, size]`.
   * @param out - Where they go, as long; may be `observations`. A new array where left out.
   * @returns `out`.
   * @throws ShapeError where the lengths do not fit.
   */
  normalize(observations: ArrayLike<number>, out: Float32Array = new Float32Array(observations.length)): Float32Array {
    this.requireRows("observations", observations);
    if (out.length !== observations.length) {
      throw new ShapeError(`out: expected length ${observations.length}, got ${out.length}`);
    }
    const mean = this.mean();
    const deviation = this.standardDeviation();
    for (let i = 0; i < out.length; i++) {
      const element = i % this.size;
      const scaled = (observations[i] - mean[element]) / deviation[element];
      out[i] = Math.min(Math.max(scaled, -this.clip), this.clip);
    }
    return out;
  }

  /** Statistics and settings as JSON. */
  toJSON(): JsonValue {
    const { size, clip, epsilon, frozen } = this;
    return { size, clip, epsilon, frozen, moments: this.moments.toJSON() };
  }

  /**
   * The normaliser that {@link toJSON} wrote.
   *
   * @throws FormatError or OptionError where `json` is none.
   */
  static fromJSON(json: unknown): ObservationNormalizer {
    const name = "observation normalizer";
    const { size, clip, epsilon, frozen, moments } = readFields(name, json);
    const normalizer = new ObservationNormalizer({
      size: readNumber(`${name}.size`, size),
      clip: readNumber(`${name}.clip`, clip),
      epsilon: readNumber(`${name}.epsilon`, epsilon),
    });
    normalizer.frozen = readFlag(`${name}.frozen`, frozen);
    normalizer.moments = readMoments(`${name}.moments`, moments, normalizer.size);
    return normalizer;
  }

  private requireRows(argument: string, rows: ArrayLike<number>): void {
    if (rows.length % this.size === 0) return;
    throw new ShapeError(`${argument}: expected rows of ${this.size} elements, got ${rows.length} in all`);
  }
}

import { NumericalError, requireInteger, requireNumber, RunningMoments, ShapeError } from "@uphill/core-math";
import { readMoments } from "./internal/read-moments.js";
import { readFields, readFlag, readNumber, readNumbers, savedNumbers } from "./internal/saved.js";
import type { JsonValue } from "./json.js";

/** What {@link RewardNormalizer} takes. */
export interface RewardNormalizerOptions {
  /** N, the environments whose rewards it sees. */
  readonly count: number;
  /** Discount γ of the running return, in [0, 1]: the algorithm's own. */
  readonly gamma: number;
  /** Normalised rewards lie in [−clip, clip]. Default 10. */
  readonly clip?: number;
  /** Added to the variance. Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * Brings rewards to the scale of the return: each is divided by the standard deviation of the running discounted return
 *
 *     Rᵢ ← γ Rᵢ + rᵢ,   normalised r = clip(r / √(Var[R] + ε), ±clip)
 *
 * of its environment i, which begins at 0 and returns to it where an episode ends. No mean is taken off, so that the
 * sign of a reward is kept. Until the first update, rewards are only clipped.
 *
 * Source: VecNormalize of Stable-Baselines3, without its invented first sample.
 */
export class RewardNormalizer {
  /** N. */
  readonly count: number;
  /** Discount of the running return. */
  readonly gamma: number;
  /** Bound of normalised rewards. */
  readonly clip: number;
  /** Added to the variance. */
  readonly epsilon: number;
  /** Where true, `update` changes nothing: for evaluation. */
  frozen = false;
  private readonly returns: Float64Array;
  private moments = new RunningMoments(1);

  /**
   * @param options - See {@link RewardNormalizerOptions}.
   * @throws OptionError for an option out of its range.
   */
  constructor({ count, gamma, clip = 10, epsilon = 1e-8 }: RewardNormalizerOptions) {
    this.count = requireInteger("count", count, { least: 1 });
    this.gamma = requireNumber("gamma", gamma, { least: 0, most: 1 });
    this.clip = requireNumber("clip", clip, { above: 0 });
    this.epsilon = requireNumber("epsilon", epsilon, { above: 0 });
    this.returns = new Float64Array(this.count);
  }

  /** √(Var[R] + ε), by which rewards are divided; 1 before the first update. */
  standardDeviation(): number {
    return this.moments.count === 0 ? 1 : Math.sqrt(this.moments.variance()[0] + this.epsilon);
  }

  /**
   * Takes rewards into the running returns and the statistics, unless {@link frozen}.
   *
   * @param rewards - One step or several in order, `[T, N]` row-major, finite and not normalised.
   * @param terminated - 1 where the step terminated an episode, `[T, N]`.
   * @param truncated - 1 where the step truncated an episode, `[T, N]`.
   * @param active - 0 where an environment stood still and counts for nothing, `[N]`; all count where left out.
   * @throws ShapeError where the lengths do not fit; NumericalError where a reward is not finite, and nothing has changed.
   */
  update(
    rewards: ArrayLike<number>,
    terminated: ArrayLike<number>,
    truncated: ArrayLike<number>,
    active?: ArrayLike<number>,
  ): void {
    this.requireSteps(rewards, terminated, truncated);
    if (this.frozen) return;
    for (let step = 0; step < rewards.length; step += this.count) {
      for (let i = 0; i < this.count; i++) this.returns[i] = this.gamma * this.returns[i] + rewards[step + i];
      this.moments.push(active === undefined ? this.returns : this.returns.filter((_, i) => active[i] !== 0));
      for (let i = 0; i < this.count; i++) if (terminated[step + i] || truncated[step + i]) this.returns[i] = 0;
    }
  }

  /**
   * Rewards on the scale of the return.
   *
   * @param rewards - Any number of them.
   * @param out - Where they go, as long; may be `rewards`. A new array where left out.
   * @returns `out`.
   * @throws ShapeError where the lengths differ.
   */
  normalize(rewards: ArrayLike<number>, out: Float64Array = new Float64Array(rewards.length)): Float64Array {
    if (out.length !== rewards.length)
      throw new ShapeError(`out: expected length ${rewards.length}, got ${out.length}`);
    const deviation = this.standardDeviation();
    for (let i = 0; i < out.length; i++) {
      out[i] = Math.min(Math.max(rewards[i] / deviation, -this.clip), this.clip);
    }
    return out;
  }

  /**
   * Brings the running returns back to 0: for environments that begin anew without having finished their episodes.
   *
   * @param index - Which environment; all where left out.
   */
  abandonRunning(index?: number): void {
    if (index === undefined) this.returns.fill(0);
    else this.returns[index] = 0;
  }

  /**
   * Takes over another's running returns and statistics.
   *
   * @throws ShapeError where it is of another number of environments.
   */
  copy(other: RewardNormalizer): void {
    if (other.count !== this.count) throw new ShapeError(`other: expected ${this.count} environments, got ${other.count}`);
    this.returns.set(other.returns);
    this.moments = RunningMoments.fromJSON(other.moments.toJSON());
  }

  /** Running returns, statistics and settings as JSON. */
  toJSON(): JsonValue {
    const { count, gamma, clip, epsilon, frozen } = this;
    const moments = this.moments.toJSON();
    return { count, gamma, clip, epsilon, frozen, returns: savedNumbers(this.returns), moments };
  }

  /**
   * The normaliser that {@link toJSON} wrote.
   *
   * @throws FormatError or OptionError where `json` is none.
   */
  static fromJSON(json: unknown): RewardNormalizer {
    const name = "reward normalizer";
    const { count, gamma, clip, epsilon, frozen, returns, moments } = readFields(name, json);
    const normalizer = new RewardNormalizer({
      count: readNumber(`${name}.count`, count),
      gamma: readNumber(`${name}.gamma`, gamma),
      clip: readNumber(`${name}.clip`, clip),
      epsilon: readNumber(`${name}.epsilon`, epsilon),
    });
    normalizer.frozen = readFlag(`${name}.frozen`, frozen);
    normalizer.returns.set(readNumbers(`${name}.returns`, returns, normalizer.count));
    normalizer.moments = readMoments(`${name}.moments`, moments, 1);
    return normalizer;
  }

  private requireSteps(rewards: ArrayLike<number>, ...flags: readonly ArrayLike<number>[]): void {
    if (rewards.length % this.count !== 0) {
      throw new ShapeError(`rewards: expected steps of ${this.count} environments, got ${rewards.length} in all`);
    }
    if (flags.some(({ length }) => length !== rewards.length)) {
      throw new ShapeError(`terminated and truncated: expected length ${rewards.length} as rewards`);
    }
    for (let i = 0; i < rewards.length; i++) {
      if (Number.isFinite(rewards[i])) continue;
      throw new NumericalError(`rewards[${i}]: expected a finite number, got ${rewards[i]}`);
    }
  }
}

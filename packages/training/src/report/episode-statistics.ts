import { expectation, FormatError, requireArray, requireInteger, requireObject } from "@uphill/core-math";
import type { JsonValue } from "@uphill/envs";
import { readSaved } from "../internal/read-saved.js";

/** More environments or episodes than anyone means, and few enough to allocate. */
const MOST = 1_000_000;

/** What one step of N environments gave; a `VectorEnvironment` is one. */
export interface StepOutcome {
  /** Float64 `[N]`. */
  readonly rewards: ArrayLike<number>;
  /** 0 or 1, `[N]`. */
  readonly terminated: ArrayLike<number>;
  /** 0 or 1, `[N]`. */
  readonly truncated: ArrayLike<number>;
}

/**
 * Returns and lengths of the episodes that N environments play: Σ r and the number of steps, undiscounted, of rewards
 * as they are given. An episode that starts in one rollout and ends in a later one counts whole.
 */
export class EpisodeStatistics {
  /** N. */
  readonly environments: number;
  /** Over how many of the last finished episodes the means go. */
  readonly window: number;
  readonly #runningReturns: Float64Array;
  readonly #runningLengths: Float64Array;
  readonly #returns: Float64Array;
  readonly #lengths: Float64Array;
  #episodes = 0;

  /**
   * @param environments - N, in [1, 10⁶].
   * @param window - How many finished episodes the means go over, in [1, 10⁶].
   * @throws OptionError where one is no such integer.
   */
  constructor(environments: number, window = 100) {
    this.environments = requireInteger("environments", environments, { least: 1, most: MOST });
    this.window = requireInteger("window", window, { least: 1, most: MOST });
    this.#runningReturns = new Float64Array(environments);
    this.#runningLengths = new Float64Array(environments);
    this.#returns = new Float64Array(window);
    this.#lengths = new Float64Array(window);
  }

  /** Episodes finished so far. */
  get episodes(): number {
    return this.#episodes;
  }

  /** Mean return of the last `window` finished episodes; NaN before the first. */
  get meanReturn(): number {
    return mean(this.#returns, this.#episodes);
  }

  /** Mean length of the same episodes, in steps; NaN before the first. */
  get meanLength(): number {
    return mean(this.#lengths, this.#episodes);
  }

  /**
   * Counts one step of every environment.
   *
   * @param outcome - Rewards and ends of the step, each `[N]`.
   * @throws OptionError, ShapeError where one is no array of length N.
   */
  record(outcome: StepOutcome): void {
    const { environments } = this;
    const rewards = requireArray("rewards", outcome.rewards, environments);
    const terminated = requireArray("terminated", outcome.terminated, environments);
    const truncated = requireArray("truncated", outcome.truncated, environments);
    for (let i = 0; i < environments; i++) {
      this.#runningReturns[i] += rewards[i];
      this.#runningLengths[i] += 1;
      if (terminated[i] !== 0 || truncated[i] !== 0) this.#finish(i);
    }
  }

  /** Forgets the running episodes: for environments that begin anew without having finished them. */
  abandonRunning(): void {
    this.#runningReturns.fill(0);
    this.#runningLengths.fill(0);
  }

  /** Everything there is, as JSON: the running episodes, and the last finished ones. */
  toJSON(): JsonValue {
    const kept = Math.min(this.#episodes, this.window);
    return {
      window: this.window,
      episodes: this.#episodes,
      runningReturns: [...this.#runningReturns],
      runningLengths: [...this.#runningLengths],
      returns: [...this.#returns.subarray(0, kept)],
      lengths: [...this.#lengths.subarray(0, kept)],
    };
  }

  /**
   * The statistics that {@link toJSON} wrote; they go on to the same bits.
   *
   * @param json - The parsed JSON.
   * @throws FormatError where it is not that.
   */
  static fromJSON(json: unknown): EpisodeStatistics {
    const saved = savedStatistics(json);
    const statistics = new EpisodeStatistics(saved.runningReturns.length, saved.window);
    statistics.#episodes = saved.episodes;
    statistics.#runningReturns.set(saved.runningReturns);
    statistics.#runningLengths.set(saved.runningLengths);
    statistics.#returns.set(saved.returns);
    statistics.#lengths.set(saved.lengths);
    return statistics;
  }

  #finish(environment: number): void {
    const slot = this.#episodes % this.window;
    this.#returns[slot] = this.#runningReturns[environment];
    this.#lengths[slot] = this.#runningLengths[environment];
    this.#runningReturns[environment] = 0;
    this.#runningLengths[environment] = 0;
    this.#episodes++;
  }
}

interface SavedStatistics {
  readonly window: number;
  readonly episodes: number;
  readonly runningReturns: readonly number[];
  readonly runningLengths: readonly number[];
  readonly returns: readonly number[];
  readonly lengths: readonly number[];
}

function savedStatistics(json: unknown): SavedStatistics {
  return readSaved(() => {
    const saved = requireObject("episodes", json);
    const window = requireInteger("episodes.window", saved["window"], { least: 1, most: MOST });
    const episodes = requireInteger("episodes.episodes", saved["episodes"], { least: 0 });
    const runningReturns = savedNumbers("runningReturns", saved);
    requireInteger("episodes.runningReturns.length", runningReturns.length, { least: 1, most: MOST });
    const kept = Math.min(episodes, window);
    return {
      window,
      episodes,
      runningReturns,
      runningLengths: savedNumbers("runningLengths", saved, runningReturns.length),
      returns: savedNumbers("returns", saved, kept),
      lengths: savedNumbers("lengths", saved, kept),
    };
  });
}

function savedNumbers(name: string, saved: Readonly<Record<string, unknown>>, length?: number): readonly number[] {
  const values = saved[name];
  const numbers = Array.isArray(values) && values.every((value) => typeof value === "number");
  if (numbers && (length === undefined || values.length === length)) return values;
  const allowed = length === undefined ? "an array of numbers" : `an array of ${length} numbers`;
  throw new FormatError(expectation(`episodes.${name}`, allowed, values));
}

/** The mean over the slots in use, always in the order of the slots, so that a resumed run gives the same bits. */
function mean(slots: Float64Array, episodes: number): number {
  const kept = Math.min(episodes, slots.length);
  let sum = 0;
  for (let i = 0; i < kept; i++) sum += slots[i];
  return sum / kept;
}

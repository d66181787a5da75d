import { FormatError, requireInteger, requireObject } from "@uphill/core-math";
import { makeVectorEnvironment, RewardNormalizer } from "@uphill/envs";
import type { ActionsOf, EnvironmentSource, JsonValue, Space, VectorEnvironment } from "@uphill/envs";
import { readSaved } from "../internal/read-saved.js";
import { EpisodeStatistics } from "../report/episode-statistics.js";
import type { Report } from "../report/report.js";

/** How {@link TrainingEnvironments} are made. */
export interface TrainingEnvironmentsOptions {
  /** N. */
  readonly count: number;
  /** Environment i starts from `seed` + i. */
  readonly seed: number;
  /** Discount of the returns by whose spread rewards are scaled; null, the default, leaves rewards as they are. */
  readonly rewardScaling?: { readonly gamma: number } | null;
}

/**
 * N environments as an algorithm trains on them: reset from a seed, episodes counted, rewards scaled where asked, and
 * all of it saved and restored together.
 *
 * @typeParam A - The action space.
 */
export class TrainingEnvironments<A extends Space = Space> {
  /** The environments. Step them by {@link step}, so that episodes are counted. */
  readonly vector: VectorEnvironment<A>;
  readonly #source: EnvironmentSource<A>;
  readonly #scaledRewards: Float64Array;
  #episodes: EpisodeStatistics;
  #rewardScale: RewardNormalizer | null;

  /**
   * @param env - The problem.
   * @param options - See {@link TrainingEnvironmentsOptions}.
   * @throws OptionError where `env` is no environment, or an option is out of its range.
   */
  constructor(env: EnvironmentSource<A>, options: TrainingEnvironmentsOptions) {
    requireObject("options", options);
    const { rewardScaling = null } = options;
    const count = requireInteger("count", options.count, { least: 1 });
    const seed = requireInteger("seed", options.seed, { least: 0 });
    this.#rewardScale = rewardScaling === null ? null : new RewardNormalizer({ count, gamma: rewardScaling.gamma });
    this.#episodes = new EpisodeStatistics(count);
    this.#scaledRewards = new Float64Array(count);
    this.#source = env;
    this.vector = makeVectorEnvironment(env, count);
    this.vector.reset({ seed });
  }

  /** Float64 `[N]`: rewards of the last step as the algorithm learns from them; overwritten by the next step. */
  get rewards(): Float64Array {
    return this.#rewardScale === null ? this.vector.rewards : this.#scaledRewards;
  }

  /** What a report says of episodes; their returns are of rewards as the environment gives them. */
  get report(): Pick<Report, "episodes" | "meanReturn" | "meanLength"> {
    const { episodes, meanReturn, meanLength } = this.#episodes;
    return { episodes, meanReturn, meanLength };
  }

  /**
   * Advances every environment by one action.
   *
   * @param actions - Int32 `[N]` for a discrete space; float32 `[N, size]` for a box.
   * @throws as `VectorEnvironment.step`; NumericalError for a reward that is not finite.
   */
  step(actions: ActionsOf<A>): void {
    this.vector.step(actions);
    const { rewards, terminated, truncated } = this.vector;
    this.#episodes.record(this.vector);
    if (this.#rewardScale === null) return;
    this.#rewardScale.update(rewards, terminated, truncated);
    this.#rewardScale.normalize(rewards, this.#scaledRewards);
  }

  /**
   * Another vector of the same environments, which goes on from a state that {@link vector} saved: to see what else could
   * have happened. Its episodes are not counted. Close it when done.
   */
  twin(): VectorEnvironment<A> {
    return makeVectorEnvironment(this.#source, this.vector.count);
  }

  /** Scales rewards of a {@link twin}, `[N]`, in place, as those of the last step were, without learning from them. */
  scale(rewards: Float64Array): void {
    this.#rewardScale?.normalize(rewards, rewards);
  }

  /** Begins new episodes in all environments, unseeded; those that were under way do not count. */
  restart(): void {
    this.vector.reset();
    this.#episodes.abandonRunning();
    this.#rewardScale?.abandonRunning();
  }

  /** Everything that decides what follows, as JSON; without the environments' own states where they cannot save them. */
  capture(): JsonValue {
    return {
      environments: this.vector.savesState ? this.vector.saveState() : null,
      episodes: this.#episodes.toJSON(),
      rewardScale: this.#rewardScale?.toJSON() ?? null,
    };
  }

  /**
   * Goes back to what {@link capture} gave. Environments that cannot save their states begin new episodes, and those
   * that were under way do not count.
   *
   * @param state - The JSON.
   * @throws FormatError where `state` is damaged or of other environments; then the counts and the scale are unchanged.
   */
  restore(state: JsonValue): void {
    const { environments, episodes, rewardScale } = readSaved(() =>
      requireObject("checkpoint.state.environments", state),
    );
    if (environments !== null && !this.vector.savesState) throw stateOfOthers("no saved environments", "some");
    const savedEpisodes = this.#readEpisodes(episodes);
    const savedScale = this.#readScale(rewardScale);
    if (environments === null) {
      this.vector.reset();
      savedEpisodes.abandonRunning();
      savedScale?.abandonRunning();
    } else {
      this.vector.restoreState(environments as JsonValue);
    }
    this.#episodes = savedEpisodes;
    this.#rewardScale = savedScale;
  }

  /** Lets go of the environments. */
  close(): void {
    this.vector.close();
  }

  #readEpisodes(json: unknown): EpisodeStatistics {
    const saved = EpisodeStatistics.fromJSON(json);
    const { environments } = this.#episodes;
    if (saved.environments === environments) return saved;
    throw stateOfOthers(`episodes of ${environments} environments`, `those of ${saved.environments}`);
  }

  #readScale(json: unknown): RewardNormalizer | null {
    const present = this.#rewardScale;
    if (present === null || json === null) {
      if (present === json) return null;
      throw stateOfOthers(`${present === null ? "no" : "a"} reward scale`, json === null ? "none" : "one");
    }
    const saved = readSaved(() => RewardNormalizer.fromJSON(json));
    if (saved.count === present.count && saved.gamma === present.gamma) return saved;
    throw stateOfOthers(
      `a reward scale of ${present.count} environments and γ = ${present.gamma}`,
      `one of ${saved.count} and γ = ${saved.gamma}`,
    );
  }
}

function stateOfOthers(expected: string, actual: string): FormatError {
  return new FormatError(`checkpoint.state.environments: expected ${expected}, got ${actual}`);
}

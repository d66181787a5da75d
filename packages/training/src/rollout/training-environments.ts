import { FormatError, requireObject } from "@uphill/core-math";
import { makeVectorEnvironment, RewardNormalizer } from "@uphill/envs";
import type { ActionsOf, EnvironmentSource, JsonValue, Space, VectorEnvironment } from "@uphill/envs";
import { EpisodeStatistics } from "../report/episode-statistics.js";

/** How {@link TrainingEnvironments} are made. */
export interface TrainingEnvironmentsOptions {
  /** N. */
  readonly count: number;
  /** Environment i starts from `seed` + i. */
  readonly seed: number;
  /** Discount of the returns by whose spread rewards are scaled; null leaves rewards as they are. */
  readonly rewardScaling: { readonly gamma: number } | null;
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
  #episodes: EpisodeStatistics;
  #rewardScale: RewardNormalizer | null;
  readonly #scaledRewards: Float64Array;

  /**
   * @param env - The problem.
   * @param options - See {@link TrainingEnvironmentsOptions}.
   * @throws OptionError where `env` is no environment, or an option is out of its range.
   */
  constructor(env: EnvironmentSource<A>, { count, seed, rewardScaling }: TrainingEnvironmentsOptions) {
    this.vector = makeVectorEnvironment(env, count);
    this.vector.reset({ seed });
    this.#episodes = new EpisodeStatistics(count);
    this.#rewardScale = rewardScaling === null ? null : new RewardNormalizer({ count, gamma: rewardScaling.gamma });
    this.#scaledRewards = new Float64Array(count);
  }

  /** Float64 `[N]`: rewards of the last step as the algorithm learns from them. */
  get rewards(): Float64Array {
    return this.#rewardScale === null ? this.vector.rewards : this.#scaledRewards;
  }

  /** What a report says of episodes; their returns are of rewards as the environment gives them. */
  get report(): { readonly episodes: number; readonly meanReturn: number; readonly meanLength: number } {
    const { episodes, meanReturn, meanLength } = this.#episodes;
    return { episodes, meanReturn, meanLength };
  }

  /** Advances every environment by one action; see `VectorEnvironment.step`. */
  step(actions: ActionsOf<A>): void {
    this.vector.step(actions);
    const { rewards, terminated, truncated } = this.vector;
    this.#episodes.record(this.vector);
    if (this.#rewardScale === null) return;
    this.#rewardScale.update(rewards, terminated, truncated);
    this.#rewardScale.normalize(rewards, this.#scaledRewards);
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
   * Goes back to what {@link capture} gave. Environments that cannot save their states begin new episodes.
   *
   * @throws FormatError where `state` is damaged or of other environments.
   */
  restore(state: JsonValue): void {
    const { environments, episodes, rewardScale } = requireObject("checkpoint.state.environments", state);
    if ((rewardScale === null) !== (this.#rewardScale === null) || (environments !== null && !this.vector.savesState)) {
      throw new FormatError("checkpoint: expected the state of these environments, got that of others");
    }
    this.#episodes = EpisodeStatistics.fromJSON(episodes);
    if (rewardScale !== null) this.#rewardScale = RewardNormalizer.fromJSON(rewardScale);
    if (environments !== null) return this.vector.restoreState(environments as JsonValue);
    this.vector.reset();
    this.#episodes.abandonRunning();
  }

  /** Lets go of the environments. */
  close(): void {
    this.vector.close();
  }
}

import { OptionError, requireNumber } from "@uphill/core-math";
import type { EnvironmentDefinition, EnvironmentSource } from "../environment.js";
import { withoutThreshold } from "../internal/without-threshold.js";
import { RewardNormalizer } from "../reward-normalizer.js";
import type { Space } from "../spaces/space.js";
import { wrap } from "./wrap.js";

/** What {@link normalizeReward} takes. */
export interface NormalizeRewardOptions {
  /** Discount of the returns by whose spread rewards are scaled, in [0, 1]. Default 0.99. */
  readonly gamma?: number;
  /** The statistics, shared by all that is made from the definition; see {@link NormalizeObservationOptions}. */
  readonly normalizer?: RewardNormalizer;
}

/**
 * The environment with rewards on the scale of the return:
 *
 *     clip(r / √(Var[R] + ε), ±clip),   R ← γ R + r
 *
 * The statistics take in every reward before it is scaled; those of a vector are of all its environments. What a step
 * pays depends on all that was paid before: `checkEnvironment` objects to that until the statistics are frozen.
 *
 * @param source - The environment.
 * @param options - See {@link NormalizeRewardOptions}.
 * @throws OptionError where `source` is no source or `gamma` out of range; at `make`, where the normaliser is of another
 *   number of environments.
 */
export function normalizeReward<A extends Space>(
  source: EnvironmentSource<A>,
  options: NormalizeRewardOptions = {},
): EnvironmentDefinition<A> {
  const gamma = requireNumber("gamma", options.gamma ?? 0.99, { least: 0, most: 1 });
  const wrapped = wrap(source, ({ id, count }) => {
    let normalizer = options.normalizer ?? new RewardNormalizer({ count, gamma });
    if (normalizer.count !== count) {
      throw new OptionError(`normalizer of ${id}: expected one of ${count} environments, got one of ${normalizer.count}`);
    }
    return {
      begin(index) {
        normalizer.abandonRunning(index);
      },
      step({ rewards, terminated, truncated }, _, active) {
        normalizer.update(rewards, terminated, truncated, active);
        normalizer.normalize(rewards, rewards);
      },
      saveState: () => normalizer.toJSON(),
      restoreState(state) {
        const restored = RewardNormalizer.fromJSON(state);
        if (options.normalizer === undefined) normalizer = restored;
        else options.normalizer.copy(restored);
      },
    };
  });
  return withoutThreshold(wrapped);
}

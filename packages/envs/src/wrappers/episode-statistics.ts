import { expectation, OptionError } from "@uphill/core-math";
import type { EnvironmentDefinition, EnvironmentSource } from "../environment.js";
import { readCounts, readFields, readNumbers, savedNumbers } from "../internal/saved.js";
import type { Space } from "../spaces/space.js";
import { wrap } from "./wrap.js";

/** An episode that ended. */
export interface EpisodeSummary {
  /** Index of the environment; 0 where it is a single one. */
  readonly environment: number;
  /** Σ r over the episode, undiscounted. */
  readonly return: number;
  /** Steps of the episode. */
  readonly length: number;
}

/**
 * The environment with its episodes counted: `info.episode` of the step that ends one holds its return and length.
 *
 * @param source - The environment. The returns are of its rewards, so that it counts what lies below.
 * @param onEpisode - Called with every episode that ends, those cut by a reset left out.
 * @throws OptionError where `source` is no source, or `onEpisode` no function.
 */
export function episodeStatistics<A extends Space>(
  source: EnvironmentSource<A>,
  onEpisode: (episode: EpisodeSummary) => void = () => undefined,
): EnvironmentDefinition<A> {
  if (typeof onEpisode !== "function") throw new OptionError(expectation("onEpisode", "a function", onEpisode));
  return wrap(source, ({ count }) => {
    const [returns, lengths] = [new Float64Array(count), new Float64Array(count)];
    const ended: (EpisodeSummary | undefined)[] = new Array<undefined>(count).fill(undefined);
    return {
      begin(index) {
        returns[index] = 0;
        lengths[index] = 0;
      },
      step({ rewards, terminated, truncated }, _, active) {
        for (let i = 0; i < count; i++) {
          ended[i] = undefined;
          if (active?.[i] === 0) continue;
          returns[i] += rewards[i];
          lengths[i] += 1;
          if ((terminated[i] | truncated[i]) === 0) continue;
          const episode = { environment: i, return: returns[i], length: lengths[i] };
          ended[i] = episode;
          onEpisode(episode);
        }
      },
      info(index) {
        const episode = ended[index];
        return episode === undefined ? undefined : { episode };
      },
      saveState: () => ({ returns: savedNumbers(returns), lengths: [...lengths] }),
      restoreState(state) {
        const saved = readFields("state", state);
        const restored = readNumbers("state.returns", saved["returns"], count);
        lengths.set(readCounts("state.lengths", saved["lengths"], count, Number.MAX_SAFE_INTEGER));
        returns.set(restored);
      },
    };
  });
}

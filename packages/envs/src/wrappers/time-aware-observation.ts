import { OptionError } from "@uphill/core-math";
import type { EnvironmentDefinition, EnvironmentSource } from "../environment.js";
import { readCounts, readFields } from "../internal/saved.js";
import { box } from "../spaces/box.js";
import type { Space } from "../spaces/space.js";
import { wrap } from "./wrap.js";

/**
 * The environment with the time at the end of its observations: t / maxEpisodeSteps in [0, 1], 0 where an episode
 * begins. With it, an episode that is cut by a time limit is a Markov process.
 *
 * Source: Pardo et al. 2018, "Time limits in reinforcement learning".
 *
 * @param source - An environment with a time limit.
 * @throws OptionError where `source` is no source, or has no time limit.
 */
export function timeAwareObservation<A extends Space>(source: EnvironmentSource<A>): EnvironmentDefinition<A> {
  return wrap(source, ({ id, count, maxEpisodeSteps, observationSpace: { low, high, size } }) => {
    if (maxEpisodeSteps === undefined) {
      throw new OptionError(`environment ${id}: expected a time limit, as timeLimit(source, steps) gives it, got none`);
    }
    const elapsed = new Float64Array(count);
    return {
      observationSpace: box({ low: [...low, 0], high: [...high, 1] }),
      begin(index) {
        elapsed[index] = 0;
      },
      step(_, __, active) {
        for (let i = 0; i < count; i++) if (active?.[i] !== 0) elapsed[i] += 1;
      },
      observe(from, to, inner, outer) {
        for (let index = from; index < to; index++) {
          const row = index * (size + 1);
          for (let i = 0; i < size; i++) outer[row + i] = inner[index * size + i];
          outer[row + size] = elapsed[index] / maxEpisodeSteps;
        }
      },
      saveState: () => ({ elapsed: [...elapsed] }),
      restoreState(state) {
        elapsed.set(readCounts("state.elapsed", readFields("state", state)["elapsed"], count, maxEpisodeSteps));
      },
    };
  });
}

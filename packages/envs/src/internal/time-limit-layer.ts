import type { Space } from "../spaces/space.js";
import type { Layer } from "../wrappers/wrap.js";
import { readCounts, readFields } from "./saved.js";

/** Truncates episodes after `maxEpisodeSteps` steps. */
export function timeLimitLayer<A extends Space>(count: number, maxEpisodeSteps: number): Layer<A> {
  const elapsed = new Float64Array(count);
  return {
    begin(index) {
      elapsed[index] = 0;
    },
    step({ truncated }, _, active) {
      for (let i = 0; i < count; i++) {
        if (active?.[i] === 0) continue;
        elapsed[i] += 1;
        if (elapsed[i] >= maxEpisodeSteps) truncated[i] = 1;
      }
    },
    saveState: () => ({ elapsed: [...elapsed] }),
    restoreState(state) {
      const { elapsed: saved } = readFields("state", state);
      elapsed.set(readCounts("state.elapsed", saved, count, maxEpisodeSteps));
    },
  };
}

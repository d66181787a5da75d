import type { ActionsOf, Space } from "@uphill/envs";
import type { Rollout } from "../rollout/rollout.js";

/**
 * Marks the steps of the episode that each environment began the rollout with, where it ended within the rollout.
 *
 * @returns 0 or 1, `[T, N]`.
 */
export function firstEpisodes({ steps, environments, terminated, truncated }: Rollout): Uint8Array {
  const marks = new Uint8Array(steps * environments);
  for (let n = 0; n < environments; n++) {
    let end = n;
    while (end < marks.length && terminated[end] === 0 && truncated[end] === 0) end += environments;
    if (end >= marks.length) continue;
    for (let i = n; i <= end; i += environments) marks[i] = 1;
  }
  return marks;
}

/** Copies of a rollout's marked steps, in their order, as steps of one environment. */
export function markedSteps<A extends Space>(rollout: Rollout<A>, marks: Uint8Array): Rollout<A> {
  const count = marks.reduce((sum, mark) => sum + mark, 0);
  const pick = <Values extends Float32Array | Float64Array | Int32Array | Uint8Array>(values: Values): Values => {
    const size = values.length / marks.length;
    const picked = values.slice(0, count * size) as Values;
    let to = 0;
    marks.forEach((mark, i) => {
      if (mark === 0) return;
      picked.set(values.subarray(i * size, (i + 1) * size), to);
      to += size;
    });
    return picked;
  };
  return {
    steps: count,
    environments: 1,
    observations: pick(rollout.observations),
    actions: pick<ActionsOf<A>>(rollout.actions),
    logProbabilities: pick(rollout.logProbabilities),
    rewards: pick(rollout.rewards),
    values: pick(rollout.values),
    nextValues: pick(rollout.nextValues),
    terminated: pick(rollout.terminated),
    truncated: pick(rollout.truncated),
    advantages: pick(rollout.advantages),
    returns: pick(rollout.returns),
  };
}

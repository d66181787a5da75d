import { expectation, OptionError } from "@uphill/core-math";
import type { EnvironmentDefinition, EnvironmentSource } from "../environment.js";
import { readFields, readNumbers, savedNumbers } from "../internal/saved.js";
import { box } from "../spaces/box.js";
import type { Discrete } from "../spaces/discrete.js";
import { wrap } from "./wrap.js";

/**
 * The environment with the mask of its allowed actions at the end of its observations, where a policy can read it: 1 for
 * each action that is allowed and 0 for the others, n of them. An action that is not allowed is an error.
 *
 * `checkEnvironment` asks an environment to take every action of its space, which this one does not.
 *
 * @param source - An environment with discrete actions.
 * @param allows - Whether an action is allowed where an observation is seen.
 * @throws OptionError where `source` is no source or `allows` no function; at `make`, where actions are no choice; at
 *   `step`, naming environment and index, for an action that is not allowed.
 */
export function actionMask(
  source: EnvironmentSource<Discrete>,
  allows: (observation: Float32Array, action: number) => boolean,
): EnvironmentDefinition<Discrete> {
  if (typeof allows !== "function") throw new OptionError(expectation("allows", "a function", allows));
  return wrap(source, ({ id, count, observationSpace: { low, high, size }, actionSpace }) => {
    if (actionSpace.kind !== "discrete") throw new OptionError(`actionSpace of ${id}: expected a discrete space, got a box`);
    const { n } = actionSpace;
    const masks = new Float32Array(count * n).fill(1);
    return {
      observationSpace: box({ low: [...low, ...new Float32Array(n)], high: [...high, ...new Float32Array(n).fill(1)] }),
      act(actions, active) {
        const wrong = actions.findIndex((action, i) => active?.[i] !== 0 && masks[i * n + action] === 0);
        if (wrong < 0) return actions;
        const name = count === 1 ? id : `${id}, environment ${wrong}`;
        throw new OptionError(expectation(`action of ${name}`, "an action that its mask allows", actions[wrong]));
      },
      observe(from, to, inner, outer) {
        for (let index = from; index < to; index++) {
          const row = index * (size + n);
          const observation = inner.slice(index * size, (index + 1) * size);
          const mask = masks.subarray(index * n, (index + 1) * n);
          for (let action = 0; action < n; action++) mask[action] = allows(observation, action) ? 1 : 0;
          outer.set(observation, row);
          outer.set(mask, row + size);
        }
      },
      saveState: () => ({ masks: savedNumbers(masks) }),
      restoreState(state) {
        masks.set(readNumbers("state.masks", readFields("state", state)["masks"], masks.length));
      },
    };
  });
}

import { expectation, OptionError } from "@uphill/core-math";
import type { EnvironmentDefinition, EnvironmentSource } from "../environment.js";
import { readFields, readList, savedNumbers } from "../internal/saved.js";
import type { JsonValue } from "../json.js";
import { actionAt } from "../spaces/actions-of.js";
import type { ActionOf, Space } from "../spaces/space.js";
import { wrap } from "./wrap.js";

/** The part of an episode that is recorded so far. */
interface Recording {
  readonly observations: JsonValue[];
  readonly actions: JsonValue[];
  readonly rewards: JsonValue[];
}

/**
 * The environment with its episodes recorded, one line of JSON each:
 *
 *     {"id": …, "environment": …, "observations": […], "actions": […], "rewards": […], "terminated": …, "truncated": …}
 *
 * with the T + 1 observations, T actions and T rewards of an episode of T steps. An episode that is cut by a reset or by
 * `close` has neither flag. Numbers are exact; −0 is the string "-0".
 *
 * @param source - The environment.
 * @param write - Called with each line, which ends in a line break. `recordToFile` of `@uphill/envs/node` writes a file.
 * @throws OptionError where `source` is no source, or `write` no function.
 */
export function recordEpisodes<A extends Space>(
  source: EnvironmentSource<A>,
  write: (line: string) => void,
): EnvironmentDefinition<A> {
  if (typeof write !== "function") throw new OptionError(expectation("write", "a function", write));
  return wrap(source, ({ id, count, observationSpace: { size }, actionSpace }) => {
    const recordings = Array.from({ length: count }, () => emptyRecording());
    const finish = (environment: number, terminated: boolean, truncated: boolean): void => {
      const recording = recordings[environment];
      recordings[environment] = emptyRecording();
      if (recording.actions.length === 0) return;
      write(`${JSON.stringify({ id, environment, ...recording, terminated, truncated })}\n`);
    };
    const observe = (i: number, observations: Float32Array): void => {
      recordings[i].observations.push(savedNumbers(observations.subarray(i * size, (i + 1) * size)));
    };
    return {
      begin(index, observations) {
        finish(index, false, false);
        observe(index, observations);
      },
      step({ observations, rewards, terminated, truncated }, actions, active) {
        for (let i = 0; i < count; i++) {
          if (active?.[i] === 0) continue;
          recordings[i].actions.push(savedAction(actionAt(actionSpace, actions, i)));
          recordings[i].rewards.push(...savedNumbers([rewards[i]]));
          observe(i, observations);
          if ((terminated[i] | truncated[i]) !== 0) finish(i, terminated[i] !== 0, truncated[i] !== 0);
        }
      },
      saveState: () => structuredClone(recordings) as unknown as JsonValue,
      restoreState(state) {
        readList("state.wrapper", state, count).forEach((saved, i) => (recordings[i] = readRecording(saved)));
      },
      close() {
        for (let i = 0; i < count; i++) finish(i, false, false);
      },
    };
  });
}

function emptyRecording(): Recording {
  return { observations: [], actions: [], rewards: [] };
}

function readRecording(saved: JsonValue): Recording {
  const { observations, actions, rewards } = readFields("state.wrapper", saved);
  return {
    observations: [...readList("state.wrapper.observations", observations)],
    actions: [...readList("state.wrapper.actions", actions)],
    rewards: [...readList("state.wrapper.rewards", rewards)],
  };
}

function savedAction<A extends Space>(action: ActionOf<A>): JsonValue {
  return typeof action === "number" ? action : savedNumbers(action);
}

import { FormatError, OptionError, describe, requireObject } from "@uphill/core-math";
import { Box, isActionSpace, spaceFromJSON } from "@uphill/envs";
import type { JsonValue, Space } from "@uphill/envs";
import { readSaved } from "../internal/read-saved.js";
import { ReplayBuffer } from "../replay/replay-buffer.js";

/** Transitions that an agent learns from in place of an environment: it plays nothing, and a step of it is an update. */
export interface StoredTransitions<A extends Space = Space> {
  /** What it learns from. Checkpoints hold it; it must not change while the agent trains. */
  readonly transitions: ReplayBuffer<A>;
  /** What checkpoints and exports say of where it comes from, such as `Pendulum-v1`. Default `offline`. */
  readonly environmentId?: string;
}

/** @throws OptionError where they are none. */
export function requireTransitions<A extends Space>(transitions: unknown): ReplayBuffer<A> {
  if (transitions instanceof ReplayBuffer) return transitions as ReplayBuffer<A>;
  throw new OptionError(`transitions: expected a ReplayBuffer, got ${describe(transitions)}`);
}

/** What a buffer was made with, as a checkpoint keeps it beside what it holds. */
export function bufferJson<A extends Space>(buffer: ReplayBuffer<A>): JsonValue {
  const { environments, capacity, keepsLogProbabilities, observationSpace, actionSpace } = buffer;
  const spaces = { observationSpace: observationSpace.toJSON(), actionSpace: actionSpace.toJSON() };
  return { environments, capacity, keepsLogProbabilities, ...spaces };
}

/**
 * An empty buffer as {@link bufferJson} says.
 *
 * @throws FormatError where it says nothing that a buffer is made of.
 */
export function bufferFromJson<A extends Space>(json: unknown): ReplayBuffer<A> {
  return readSaved(() => {
    const place = "checkpoint.options.transitions";
    const saved = requireObject(place, json);
    const observationSpace = spaceFromJSON(saved["observationSpace"]);
    const actionSpace = spaceFromJSON(saved["actionSpace"]);
    if (!(observationSpace instanceof Box) || !isActionSpace(actionSpace)) {
      throw new FormatError(`${place}: expected spaces of observations and actions, got others`);
    }
    const count = saved["environments"] as number;
    const options = { capacity: saved["capacity"] as number, keepsLogProbabilities: saved["keepsLogProbabilities"] === true };
    return new ReplayBuffer({ count, observationSpace, actionSpace: actionSpace as A }, options);
  });
}

import type { JsonValue } from "@uphill/envs";
import type { Snapshot } from "@uphill/training";

type Tensors = Snapshot["tensors"];

/** How tensors of a replay buffer are told from weights. */
const PREFIX = "replay/";

/**
 * Weights and a replay buffer as one snapshot, whose buffer's tensors are copied when they are read, as its own says.
 *
 * @param more - Other tensors of the same transitions.
 */
export function joinSnapshots(weights: Tensors, replay: Snapshot, more: Tensors, state: JsonValue): Snapshot {
  return {
    get tensors() {
      const named = Object.entries({ ...replay.tensors, ...more }).map(([name, tensor]) => [PREFIX + name, tensor] as const);
      return { ...weights, ...Object.fromEntries(named) };
    },
    state,
  };
}

/** The tensors of weights, and of the replay buffer. */
export function splitTensors(tensors: Tensors): { readonly weights: Tensors; readonly replay: Tensors } {
  const entries = Object.entries(tensors);
  const replay = entries.filter(([name]) => name.startsWith(PREFIX));
  return {
    weights: Object.fromEntries(entries.filter(([name]) => !name.startsWith(PREFIX))),
    replay: Object.fromEntries(replay.map(([name, tensor]) => [name.slice(PREFIX.length), tensor])),
  };
}

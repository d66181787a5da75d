import { describe, FormatError, requireObject } from "@uphill/core-math";
import type { Space } from "@uphill/envs";
import { decodeCheckpoint, encodeCheckpoint } from "../checkpoint/checkpoint.js";
import type { ReplayBuffer } from "./replay-buffer.js";

/** By what a file of transitions is told from an agent's checkpoint. */
const NAME = "replay";

/**
 * All transitions of a replay buffer as one `.safetensors` file, with a checksum.
 *
 * @param buffer - Not changed.
 * @returns The file's bytes; {@link loadReplay} reads them.
 */
export function encodeReplay<A extends Space>(buffer: ReplayBuffer<A>): Uint8Array<ArrayBuffer> {
  return encodeCheckpoint({ algorithm: NAME, options: widths(buffer), ...buffer.capture() });
}

/**
 * Fills a replay buffer with the transitions of a file; those that it held are gone.
 *
 * @param buffer - Of the same number of environments, with the same sizes of observations and actions.
 * @param bytes - What {@link encodeReplay} gave.
 * @throws FormatError where the file is cut off, damaged, no file of transitions, of other spaces, or of more transitions
 *   than there is room for; then the buffer is as it was.
 */
export function loadReplay<A extends Space>(buffer: ReplayBuffer<A>, bytes: Uint8Array): void {
  const { algorithm, options, ...snapshot } = decodeCheckpoint(bytes);
  if (algorithm !== NAME) throw new FormatError(`replay: expected a file of transitions, got a checkpoint of ${algorithm}`);
  const saved = requireObject("replay", options);
  for (const [name, expected] of Object.entries(widths(buffer))) {
    if (saved[name] === expected) continue;
    throw new FormatError(`replay: expected ${name} ${expected}, got ${describe(saved[name])}`);
  }
  buffer.restore(snapshot);
}

function widths<A extends Space>({ observationSize, actionSpace: space, keepsLogProbabilities }: ReplayBuffer<A>) {
  const actions = actionsText(space);
  return { observationSize, actions, keepsLogProbabilities };
}

function actionsText(space: Space): string {
  if (space.kind === "box") return `${space.size} numbers`;
  return `one of ${space.kind === "discrete" ? space.n : space.counts.join(" × ")}`;
}

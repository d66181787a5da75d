import { FormatError, requireArray, requireBoolean, requireNumber, requireObject } from "@uphill/core-math";
import { requireAction } from "@uphill/envs";
import type { ActionsOf, Space } from "@uphill/envs";
import { readSaved } from "../internal/read-saved.js";
import type { ReplayBuffer } from "./replay-buffer.js";
import type { Transitions } from "./transitions.js";

/**
 * Adds transitions from lines of JSON, one a line, to a replay buffer of one environment:
 *
 *     {"observation":[0.1,0],"action":[0.5],"reward":-1,"nextObservation":[0.2,0],"terminated":false,"truncated":false}
 *
 * `action` is an index for a discrete space, else a list; of a box, within its bounds. `truncated` may be left out, and is needed only where the line after it
 * goes on from `nextObservation` in spite of it. Empty lines are passed over. Where lines come from a file, read it with
 * `readline`: it need not fit into memory.
 *
 * @param buffer - Of one environment.
 * @param lines - The lines, or a stream of them.
 * @returns How many transitions were added.
 * @throws FormatError naming the line and what is wrong with it; those before it have been added.
 */
export async function addJsonLines<A extends Space>(
  buffer: ReplayBuffer<A>,
  lines: Iterable<string> | AsyncIterable<string>,
): Promise<number> {
  let number = 0;
  let added = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() === "") continue;
    addLine(buffer, line, `line ${number}`);
    added++;
  }
  return added;
}

function addLine<A extends Space>(buffer: ReplayBuffer<A>, line: string, place: string): void {
  try {
    readSaved(() => buffer.add(transitionOf(line, buffer.actionSpace)));
  } catch (cause) {
    if (!(cause instanceof FormatError || cause instanceof SyntaxError)) throw cause;
    throw new FormatError(`${place}: ${cause.message}`, { cause });
  }
}

function transitionOf<A extends Space>(line: string, space: A): Transitions<A> {
  const { observation, action, reward, nextObservation, terminated, truncated = false } = requireObject("transition", JSON.parse(line));
  return {
    observations: numbersOf("observation", observation),
    actions: actionsOf(space, action),
    rewards: [requireNumber("reward", reward)],
    nextObservations: numbersOf("nextObservation", nextObservation),
    terminated: [Number(requireBoolean("terminated", terminated))],
    truncated: [Number(requireBoolean("truncated", truncated))],
  };
}

/** The numbers of a list: typed arrays would take the null that JSON has for NaN as 0. */
function numbersOf(name: string, list: unknown): number[] {
  requireArray(name, list as number[]).forEach((value, i) => requireNumber(`${name}[${i}]`, value));
  return list as number[];
}

function actionsOf<A extends Space>(space: A, action: unknown): ActionsOf<A> {
  const list = (space.kind === "discrete" ? [action] : Array.isArray(action) ? action : []) as number[];
  if (space.kind === "box") numbersOf("action", list);
  const one = (space.kind === "box" ? Float32Array : Int32Array).from(list);
  const isExact = space.kind === "box" || one.every((choice, i) => choice === list[i]);
  requireAction("transition", space, space.kind === "discrete" || !isExact ? action : one);
  if (space.kind === "box") one.forEach((value, i) => requireNumber(`action[${i}]`, value, { least: space.low[i], most: space.high[i] }));
  return one as ActionsOf<A>;
}

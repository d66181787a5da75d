import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { FormatError, requireString } from "@uphill/core-math";
import type { Space } from "@uphill/envs";
import { addJsonLines } from "../replay/json-lines.js";
import { ReplayBuffer } from "../replay/replay-buffer.js";
import type { RecordedEnvironments } from "../rollout/rollout-buffer.js";
import { fileError } from "./file-error.js";

/**
 * A replay buffer of the transitions of a file, one a line of JSON as `addJsonLines` takes them. The file is read twice,
 * and need not fit into memory.
 *
 * @param path - The file.
 * @param spaces - Of observations and actions; an environment is one.
 * @returns The buffer, with room for these transitions and no more.
 * @throws FileError where the file cannot be read; FormatError naming the file and the line where one is no transition of
 *   these spaces, or where there are none.
 */
export async function readTransitions<A extends Space>(
  path: string,
  { observationSpace, actionSpace }: Omit<RecordedEnvironments<A>, "count">,
): Promise<ReplayBuffer<A>> {
  requireString("path", path);
  let capacity = 0;
  for await (const line of linesOf(path)) if (line.trim() !== "") capacity++;
  if (capacity === 0) throw new FormatError(`${path}: expected transitions, one a line, got none`);
  const buffer = new ReplayBuffer({ count: 1, observationSpace, actionSpace }, { capacity });
  try {
    await addJsonLines(buffer, linesOf(path));
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`${path}: ${cause.message}`, { cause });
  }
  return buffer;
}

async function* linesOf(path: string): AsyncGenerator<string, void, undefined> {
  const file = createReadStream(path, "utf8");
  try {
    // Waiting for the file to open keeps its error from being thrown where nobody can catch it.
    await new Promise<void>((resolve, reject) => file.once("open", () => resolve()).once("error", reject));
    yield* createInterface({ input: file, crlfDelay: Infinity });
  } catch (cause) {
    if (!(cause instanceof Error && "syscall" in cause)) throw cause;
    throw fileError(path, "read", cause);
  } finally {
    file.destroy();
  }
}

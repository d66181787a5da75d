import { FileError, requireString } from "@uphill/core-math";
import { appendFileSync } from "node:fs";
import type { EnvironmentDefinition, EnvironmentSource } from "../environment.js";
import type { Space } from "../spaces/space.js";
import { recordEpisodes } from "../wrappers/record-episodes.js";

/**
 * The environment with its episodes appended to a file, one line of JSON each; see `recordEpisodes`.
 *
 * @param source - The environment.
 * @param path - The file, which is made where there is none.
 * @throws OptionError where `source` is no source, or `path` is no name; at the end of an episode, FileError where the
 *   file cannot be written.
 */
export function recordToFile<A extends Space>(source: EnvironmentSource<A>, path: string): EnvironmentDefinition<A> {
  requireString("path", path);
  return recordEpisodes(source, (line) => {
    try {
      appendFileSync(path, line);
    } catch (cause) {
      throw new FileError(`${path}: cannot be written: ${String(cause)}`, { cause });
    }
  });
}

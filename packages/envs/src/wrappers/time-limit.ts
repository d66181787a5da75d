import { requireInteger } from "@uphill/core-math";
import type { EnvironmentDefinition, EnvironmentSource } from "../environment.js";
import { definitionOf } from "../make.js";
import type { Space } from "../spaces/space.js";

/**
 * The environment with episodes truncated after `maxEpisodeSteps` steps, or after as many as it had where these are
 * fewer. The step that reaches the limit may also terminate; then both flags hold, and the episode counts as terminated.
 *
 * @param source - The environment to limit.
 * @param maxEpisodeSteps - A positive integer.
 * @throws OptionError for any other `maxEpisodeSteps`, or where `source` is no source.
 */
export function timeLimit<A extends Space>(
  source: EnvironmentSource<A>,
  maxEpisodeSteps: number,
): EnvironmentDefinition<A> {
  const definition = definitionOf(source);
  const limit = requireInteger("maxEpisodeSteps", maxEpisodeSteps, { least: 1 });
  return { ...definition, maxEpisodeSteps: Math.min(limit, definition.maxEpisodeSteps ?? limit) };
}

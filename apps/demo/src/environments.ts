import { environments as classic, findEnvironment } from "@uphill/envs";
import type { EnvironmentDefinition } from "@uphill/envs";
import { box2dEnvironments } from "@uphill/envs-box2d";

/** Every environment that the page offers, in its order. */
export const environments: readonly EnvironmentDefinition[] = [...classic, ...box2dEnvironments];

/**
 * The environment of an id.
 *
 * @throws OptionError where the page has none of that id.
 */
export function environmentOf(id: string): EnvironmentDefinition {
  return findEnvironment(id, environments);
}

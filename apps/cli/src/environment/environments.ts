import { environments as classic } from "@uphill/envs";
import type { EnvironmentDefinition } from "@uphill/envs";
import { box2dEnvironments } from "@uphill/envs-box2d";

/** Every environment that the command line knows by its id, in the order in which lists show them. */
export const environments: readonly EnvironmentDefinition[] = [...classic, ...box2dEnvironments];

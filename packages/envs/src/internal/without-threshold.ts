import type { EnvironmentDefinition } from "../environment.js";
import type { Space } from "../spaces/space.js";

/** The definition without the return at which it counts as solved, which says nothing where rewards are others. */
export function withoutThreshold<A extends Space>(definition: EnvironmentDefinition<A>): EnvironmentDefinition<A> {
  const { rewardThreshold: _, ...rest } = definition;
  return rest;
}

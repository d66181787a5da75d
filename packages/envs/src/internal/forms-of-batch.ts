import type { EnvironmentBatch, EnvironmentDefinition } from "../environment.js";
import { guard } from "../guard.js";
import type { Space } from "../spaces/space.js";
import { SingleOfBatch } from "./single-of-batch.js";

/** Both forms of an environment that is written as a batch: the single one is a guarded batch of one. */
export function formsOfBatch<A extends Space>(
  id: string,
  makeBatch: (count: number) => EnvironmentBatch<A>,
): Required<Pick<EnvironmentDefinition<A>, "make" | "makeBatch">> {
  return { make: () => guard(new SingleOfBatch(makeBatch(1)), id), makeBatch };
}

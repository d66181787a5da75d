import type { EnvironmentSource } from "../environment.js";
import { makeEnvironment } from "../make.js";
import type { Box } from "../spaces/box.js";
import type { Space } from "../spaces/space.js";
import { frameStack } from "./frame-stack.js";

/**
 * The environment as a policy sees it. A policy whose observations are windows of the environment's last k, of shape
 * `[k, …shape]` and the oldest first, sees `frameStack(source, k)`; any other sees the environment as it is.
 *
 * @param source - The environment.
 * @param observationSpace - The policy's space of observations.
 * @returns The environment, or its windows.
 * @throws OptionError where `source` is no source.
 */
export function seenAs<A extends Space>(source: EnvironmentSource<A>, observationSpace: Box): EnvironmentSource<A> {
  const [frames, ...shape] = observationSpace.shape;
  if (frames === undefined) return source;
  const environment = makeEnvironment(source);
  const own = environment.observationSpace.shape;
  environment.close();
  const isWindow = shape.length === own.length && shape.every((length, axis) => length === own[axis]);
  return isWindow ? frameStack(source, frames) : source;
}

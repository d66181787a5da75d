import { describe, expectation, NumericalError, OptionError, ShapeError } from "@uphill/core-math";
import type { Step } from "../environment.js";
import type { Box } from "../spaces/box.js";

/**
 * The observation, if it is one that can be computed with. Bounds are not looked at.
 *
 * @param environment - The environment's name, for the message.
 * @throws OptionError, ShapeError or NumericalError where it is no array, of another length, or not finite.
 */
export function requireObservation(environment: string, space: Box, observation: unknown): Float32Array {
  const argument = `observation from ${environment}`;
  const allowed = `a Float32Array of length ${space.size}`;
  if (!(observation instanceof Float32Array)) throw new OptionError(expectation(argument, allowed, observation));
  if (observation.length !== space.size) throw new ShapeError(expectation(argument, allowed, observation));
  for (let i = 0; i < observation.length; i++) {
    if (Number.isFinite(observation[i])) continue;
    throw new NumericalError(`${argument}: expected finite numbers, got ${observation[i]} at index ${i}`);
  }
  return observation;
}

/**
 * The step, if it can be computed with: observation as above, finite reward, flags that are true or false.
 *
 * @throws OptionError, ShapeError or NumericalError where it is not.
 */
export function requireStep(environment: string, space: Box, step: Step): Step {
  if (typeof step !== "object" || step === null) {
    throw new OptionError(expectation(`step of ${environment}`, "an object", step));
  }
  requireObservation(environment, space, step.observation);
  if (!Number.isFinite(step.reward)) {
    const message = `reward from ${environment}: expected a finite number, got ${describe(step.reward)}`;
    throw typeof step.reward === "number" ? new NumericalError(message) : new OptionError(message);
  }
  requireFlag(environment, "terminated", step.terminated);
  requireFlag(environment, "truncated", step.truncated);
  return step;
}

function requireFlag(environment: string, name: string, flag: unknown): void {
  if (typeof flag === "boolean") return;
  throw new OptionError(expectation(`${name} from ${environment}`, "true or false", flag));
}

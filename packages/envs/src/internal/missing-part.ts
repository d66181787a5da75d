import type { Environment } from "../environment.js";
import { Box } from "../spaces/box.js";
import { isActionSpace } from "../spaces/space.js";

/** What an object lacks to be an environment, or undefined where it lacks nothing. */
export function missingPart(environment: unknown): string | undefined {
  if (typeof environment !== "object" || environment === null) return "an object";
  const { observationSpace, actionSpace, reset, step } = environment as Partial<Environment>;
  if (!(observationSpace instanceof Box)) return "an observationSpace made by box()";
  if (!isActionSpace(actionSpace)) {
    return "an actionSpace made by box(), discrete(), multiDiscrete() or multiBinary()";
  }
  if (typeof reset !== "function") return "a method reset";
  return typeof step === "function" ? undefined : "a method step";
}

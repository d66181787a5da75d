import type { Environment } from "../environment.js";
import { Box } from "../spaces/box.js";
import { Discrete } from "../spaces/discrete.js";

/** What an object lacks to be an environment, or undefined where it lacks nothing. */
export function missingPart(environment: unknown): string | undefined {
  if (typeof environment !== "object" || environment === null) return "an object";
  const { observationSpace, actionSpace, reset, step } = environment as Partial<Environment>;
  if (!(observationSpace instanceof Box)) return "an observationSpace made by box()";
  if (!(actionSpace instanceof Box || actionSpace instanceof Discrete))
    return "an actionSpace made by box() or discrete()";
  if (typeof reset !== "function") return "a method reset";
  return typeof step === "function" ? undefined : "a method step";
}

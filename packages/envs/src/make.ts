import {
  describe,
  expectation,
  OptionError,
  requireInteger,
  requireObject,
  requireOneOf,
  requireString,
} from "@uphill/core-math";
import type { Environment, EnvironmentBatch, EnvironmentDefinition, EnvironmentSource } from "./environment.js";
import { guard, type GuardedEnvironment } from "./guard.js";
import { AutoresetVector } from "./internal/autoreset-vector.js";
import { limitedEnvironment } from "./internal/limited-environment.js";
import { missingPart } from "./internal/missing-part.js";
import { SinglesBatch } from "./internal/singles-batch.js";
import type { Space } from "./spaces/space.js";
import type { AutoresetMode, VectorEnvironment } from "./vector-environment.js";

const MODES: readonly AutoresetMode[] = ["same-step", "next-step", "disabled"];

/**
 * How {@link makeVectorEnvironment} makes a vector.
 *
 * @typeParam M - When environments whose episode ended are reset.
 */
export interface VectorEnvironmentOptions<M extends AutoresetMode = AutoresetMode> {
  /** When an environment whose episode ended begins the next one. Default `same-step`. */
  readonly autoreset?: M;
}

/** The most environments in one vector: more would be a mistake in the call. */
const MOST_ENVIRONMENTS = 2 ** 20;

/**
 * The definition behind what algorithms take as `env`.
 *
 * @param source - A definition, which is checked and returned; or a function that makes an environment, which gets its
 *   own name as `id`, or `environment` where it has none.
 * @throws OptionError where `source` is neither, or a part of the definition is wrong.
 */
export function definitionOf<A extends Space>(source: EnvironmentSource<A>): EnvironmentDefinition<A> {
  if (typeof source === "function") {
    if (isClass(source)) {
      throw new OptionError(`env: expected a function, as in () => new ${source.name}(), got the class ${source.name}`);
    }
    return { id: source.name === "" ? "environment" : source.name, make: source };
  }
  if (typeof source !== "object" || source === null || typeof source.make !== "function") {
    throw new OptionError(
      expectation("env", "an environment definition { id, make } or a function that makes an environment", source),
    );
  }
  requireString("env.id", source.id);
  const { maxEpisodeSteps } = source;
  if (maxEpisodeSteps !== undefined) {
    requireInteger(`maxEpisodeSteps of ${source.id}`, maxEpisodeSteps, { least: 1 });
  }
  return source;
}

/**
 * One environment, ready for use: with its time limit, and guarded against calls that make no sense.
 *
 * @param source - A definition, or a function that makes an environment.
 * @returns The environment; not reset yet. See {@link guard} for what it throws.
 * @throws OptionError where `source` is no source, or what it makes is no environment.
 */
export function makeEnvironment<A extends Space>(source: EnvironmentSource<A>): GuardedEnvironment<A> {
  const definition = definitionOf(source);
  const environment = makeBare(definition);
  const { id, maxEpisodeSteps } = definition;
  return guard(maxEpisodeSteps === undefined ? environment : limitedEnvironment(environment, maxEpisodeSteps), id);
}

/**
 * N environments as one, ready for use: with the time limit, resets of what ended, and checks of order and actions.
 *
 * Where the definition has a native vector form, it is used; else N single environments are stepped in turn. Either
 * way, environment i does to the bit what `makeEnvironment(source)` does from seed s + i, unseeded resets included.
 *
 * @param source - A definition, or a function that makes an environment.
 * @param count - N, an integer in [1, 2²⁰].
 * @param options - See {@link VectorEnvironmentOptions}.
 * @returns The vector environment; not reset yet.
 * @throws OptionError where `source` is no source, what it makes is no environment, `count` is out of range, or the mode
 *   is none; StateError where the environments that it makes differ in their spaces.
 */
export function makeVectorEnvironment<A extends Space, M extends AutoresetMode = "same-step">(
  source: EnvironmentSource<A>,
  count: number,
  options: VectorEnvironmentOptions<M> = {},
): VectorEnvironment<A, M> {
  const definition = definitionOf(source);
  const { id, maxEpisodeSteps = Infinity } = definition;
  requireInteger("count", count, { least: 1, most: MOST_ENVIRONMENTS });
  const autoreset = requireOneOf("autoreset", requireObject("options", options)["autoreset"] ?? "same-step", MODES);
  return new AutoresetVector(id, makeBatch(definition, count), maxEpisodeSteps, autoreset as M);
}

/** N environments of a definition as a batch: its native vector form, or single ones one after the other. */
export function makeBatch<A extends Space>(definition: EnvironmentDefinition<A>, count: number): EnvironmentBatch<A> {
  const native = definition.makeBatch?.(count);
  if (native !== undefined) return native;
  const environments = Array.from({ length: count }, () => makeBare(definition));
  return new SinglesBatch(definition.id, environments);
}

/** One environment of a definition, as it makes it. */
export function makeBare<A extends Space>(definition: EnvironmentDefinition<A>): Environment<A> {
  const environment: Partial<Environment<A>> | null | undefined = definition.make();
  const missing = missingPart(environment);
  if (missing !== undefined)
    throw new OptionError(`environment ${definition.id}: expected ${missing}, got ${describe(environment)}`);
  return environment as Environment<A>;
}

function isClass(value: { toString(): string }): boolean {
  return /^class\b/u.test(Function.prototype.toString.call(value));
}

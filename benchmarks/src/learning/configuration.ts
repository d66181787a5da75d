import { OptionError } from "@uphill/core-math";
import type { JsonValue } from "@uphill/envs";
import { resolveOptions, unknownNameError } from "@uphill/training";
import type { Algorithm, GivenOptions, OptionSchema } from "@uphill/training";
import { ablation } from "./configurations/ablation.js";
import { batch } from "./configurations/batch.js";
import { offPolicy } from "./configurations/off-policy.js";
import { onPolicy } from "./configurations/on-policy.js";
import { findAlgorithm } from "./algorithms.js";

/** What is run together, and shown on one part of the page. */
export const families = ["on-policy", "off-policy", "batch", "ablation"] as const;

/** One of {@link families}. */
export type Family = (typeof families)[number];

/** What is trained, for how long, and what the median of its seeds is to reach. */
export interface Configuration {
  /** What it is called on the command line and in file names. */
  readonly name: string;
  readonly family: Family;
  readonly algorithm: string;
  readonly environment: string;
  /** What is different about it, where an algorithm learns an environment in several ways. */
  readonly variant?: string;
  /** Environment steps of each seed; of random actions, and stored, for the batch family. */
  readonly steps: number;
  /** The mean return over the evaluation's episodes that the median seed is to reach; null where none is asked. */
  readonly goal: number | null;
  /** Options that differ from the algorithm's preset for the environment, or from its defaults where it has none. */
  readonly options?: Readonly<Record<string, JsonValue>>;
  /** What is to be said of it on the page. */
  readonly note?: string;
}

/** All of them, in the order of the page. */
export const configurations: readonly Configuration[] = [...onPolicy, ...offPolicy, ...batch, ...ablation];

/** The configuration of a name. @throws OptionError for a name that does not exist, saying the nearest one that does. */
export function findConfiguration(name: string): Configuration {
  const found = configurations.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = configurations.map((one) => one.name);
  throw unknownNameError(name, names, "configuration");
}

/** Which configurations are meant. */
export interface Filter {
  readonly names?: readonly string[];
  readonly family?: string | undefined;
  readonly algorithm?: string | undefined;
  readonly environment?: string | undefined;
}

/** Those that match every part of the filter. @throws OptionError where a part is unknown, or none matches. */
export function selectConfigurations({ names = [], family, algorithm, environment }: Filter): readonly Configuration[] {
  for (const name of names) findConfiguration(name);
  if (family !== undefined && !families.some((one) => one === family)) throw unknownNameError(family, families, "family");
  if (algorithm !== undefined) findAlgorithm(algorithm);
  const known = [...new Set(configurations.map((one) => one.environment))];
  if (environment !== undefined && !known.includes(environment)) {
    throw unknownNameError(environment, known, "environment");
  }
  const selected = configurations.filter(
    (one) =>
      (names.length === 0 || names.includes(one.name)) &&
      (family ?? one.family) === one.family &&
      (algorithm ?? one.algorithm) === one.algorithm &&
      (environment ?? one.environment) === one.environment,
  );
  if (selected.length === 0) throw new OptionError("expected a filter that some configuration matches, got one that none does");
  return selected;
}

/** The options that an agent of the configuration is made with: its own over the preset. */
export function givenOptions(
  { environment, options }: Pick<Configuration, "environment" | "options">,
  { presets }: Pick<Algorithm, "presets">,
): GivenOptions<OptionSchema> {
  return { ...presets[environment], ...(options as GivenOptions<OptionSchema> | undefined) };
}

/** Where a configuration's learning curves end: at its last step, or at the last iteration of what learns from a batch. */
export function curveLength(configuration: Configuration): number {
  if (configuration.family !== "batch") return configuration.steps;
  const algorithm = findAlgorithm(configuration.algorithm);
  return Number(resolveOptions(algorithm.options, givenOptions(configuration, algorithm))["iterations"]);
}

import type { JsonValue } from "@uphill/envs";
import { resolveOptions } from "@uphill/training";
import type { Algorithm, GivenOptions, OptionSchema } from "@uphill/training";
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

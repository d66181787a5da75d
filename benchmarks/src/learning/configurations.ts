import { OptionError } from "@uphill/core-math";
import { unknownNameError } from "@uphill/training";
import { ablation } from "./configurations/ablation.js";
import { batch } from "./configurations/batch.js";
import { offPolicy } from "./configurations/off-policy.js";
import { onPolicy } from "./configurations/on-policy.js";
import { findAlgorithm } from "./algorithms.js";
import { families } from "./configuration.js";
import type { Configuration } from "./configuration.js";

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

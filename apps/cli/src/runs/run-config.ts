import {
  FormatError,
  requireInteger,
  requireNumber,
  requireObject,
  requireString,
  UphillError,
} from "@uphill/core-math";
import type { JsonValue } from "@uphill/envs";
import type { GivenOptions, OptionSchema } from "@uphill/training";
import { version } from "../version.js";
import type { SelectionPlan } from "./selection.js";

/** Raised when an older command could no longer read what is written. */
const FORMAT = 1;

/** What a run was started with; with the seed, it decides everything that follows. */
export interface RunConfig {
  readonly algorithm: string;
  /** An id, or the absolute path of a module. */
  readonly environment: string;
  readonly seed: number;
  /** The absolute path of the transitions that are learned from in place of playing; null where it plays. */
  readonly data: string | null;
  /** The budget, in environment steps; in updates where nothing is played. */
  readonly steps: number;
  /** The preset that stood in for the algorithm's defaults; null for none. */
  readonly preset: string | null;
  /** The algorithm's options, all of them. */
  readonly options: GivenOptions<OptionSchema>;
  /** How policies are judged on the way; null for not at all. */
  readonly selection: SelectionPlan | null;
}

/** The configuration as `config.json` keeps it. */
export function runConfigJson({ options, selection, ...config }: RunConfig): JsonValue {
  return {
    format: FORMAT,
    uphill: version,
    ...config,
    options: options as JsonValue,
    selection: selection === null ? null : { ...selection },
  };
}

/**
 * The configuration that {@link runConfigJson} wrote.
 *
 * @param path - The run's folder, for messages.
 * @throws FormatError where it is not that.
 */
export function readRunConfig(path: string, json: JsonValue): RunConfig {
  const place = `${path}/config.json`;
  try {
    const saved = requireObject(place, json);
    requireInteger(`${place}: format`, saved["format"], { least: FORMAT, most: FORMAT });
    return {
      algorithm: requireString(`${place}: algorithm`, saved["algorithm"]),
      environment: requireString(`${place}: environment`, saved["environment"]),
      seed: requireInteger(`${place}: seed`, saved["seed"], { least: 0 }),
      data: (saved["data"] ?? null) === null ? null : requireString(`${place}: data`, saved["data"]),
      steps: requireInteger(`${place}: steps`, saved["steps"], { least: 1 }),
      preset: saved["preset"] === null ? null : requireString(`${place}: preset`, saved["preset"]),
      options: requireObject(`${place}: options`, saved["options"]) as RunConfig["options"],
      selection: saved["selection"] === null ? null : readPlan(`${place}: selection`, saved["selection"]),
    };
  } catch (cause) {
    if (!(cause instanceof UphillError)) throw cause;
    throw new FormatError(cause.message, { cause });
  }
}

function readPlan(place: string, json: unknown): SelectionPlan {
  const saved = requireObject(place, json);
  const count = (name: string): number => requireInteger(`${place}.${name}`, saved[name], { least: 1 });
  return {
    every: count("every"),
    episodes: count("episodes"),
    confirmationEpisodes: count("confirmationEpisodes"),
    goal: saved["goal"] === null ? null : requireNumber(`${place}.goal`, saved["goal"]),
  };
}

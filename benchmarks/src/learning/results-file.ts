import { existsSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { FormatError, requireArray, requireInteger, requireNumber, requireObject, requireString, UphillError } from "@uphill/core-math";
import type { JsonValue } from "@uphill/envs";
import { decodeJson, encodeJson } from "@uphill/training";
import { readFileBytes, writeFileAtomically } from "@uphill/training/node";
import { findAlgorithm } from "./algorithms.js";
import { givenOptions } from "./configuration.js";
import type { Configuration } from "./configuration.js";

/** Raised when what is written can no longer be compared with what an older command wrote. */
const FORMAT = 1;

/** Points of a learning curve. */
export const curvePoints = 50;

/** How one seed went. */
export interface SeedResult {
  readonly seed: number;
  /** Of the deterministic policy at the end, over the evaluation's episodes. */
  readonly meanReturn: number;
  /** Of the same episodes' returns. */
  readonly standardDeviation: number;
  /** Mean return of training's last 100 episodes after 1/50, 2/50, … of the budget; null before the first episode. */
  readonly curve: readonly (number | null)[];
  /** Seconds of training, on whatever else the machine was doing. */
  readonly seconds: number;
  /** Node.js that it ran in. */
  readonly node: string;
}

/** What a file of results holds: what was run, and how each seed went, in the order of the seeds. */
export interface Results {
  readonly configuration: JsonValue;
  readonly seeds: readonly SeedResult[];
}

/** What decides a configuration's results; those of another are none of it. */
export function decisiveParts(configuration: Configuration): JsonValue {
  const { algorithm, environment, steps } = configuration;
  const options = givenOptions(configuration, findAlgorithm(algorithm));
  return { algorithm, environment, steps, options: options as JsonValue };
}

/** Where a configuration's results are. */
export function resultsPath(folder: string, { name }: Configuration): string {
  return join(folder, "results", `${name}.json`);
}

/**
 * A configuration's results so far; none where there is no file, or where it is of other settings than are asked now.
 *
 * @throws FormatError naming a file that is damaged.
 */
export async function readResults(folder: string, configuration: Configuration): Promise<Results> {
  const path = resultsPath(folder, configuration);
  const asked = decisiveParts(configuration);
  if (!existsSync(path)) return { configuration: asked, seeds: [] };
  const read = parseResults(path, new TextDecoder().decode(await readFileBytes(path)));
  return isDeepStrictEqual(read.configuration, asked) ? read : { configuration: asked, seeds: [] };
}

/** Adds a seed's result, in the place of an older one, and writes the file whole or not at all. */
export async function addResult(folder: string, configuration: Configuration, result: SeedResult): Promise<void> {
  const { configuration: asked, seeds } = await readResults(folder, configuration);
  const others = seeds.filter(({ seed }) => seed !== result.seed);
  const json = { format: FORMAT, configuration: asked, seeds: [...others, result].toSorted((a, b) => a.seed - b.seed) };
  await writeFileAtomically(resultsPath(folder, configuration), resultsText(json as unknown as JsonValue));
}

/** The results that a file holds. @throws FormatError where it holds none. */
export function parseResults(path: string, text: string): Results {
  try {
    const saved = requireObject(path, decodeJson(path, text));
    requireInteger(`${path}: format`, saved["format"], { least: FORMAT, most: FORMAT });
    const configuration = requireObject(`${path}: configuration`, saved["configuration"]) as JsonValue;
    if (!Array.isArray(saved["seeds"])) throw new FormatError(`${path}: seeds: expected an array`);
    return { configuration, seeds: saved["seeds"].map((seed, i) => readSeed(`${path}: seeds[${i}]`, seed)) };
  } catch (cause) {
    if (!(cause instanceof UphillError)) throw cause;
    throw new FormatError(`${cause.message}; take it from version control, or delete it and run again`, { cause });
  }
}

/** One seed's result, checked. */
export function readSeed(place: string, json: unknown): SeedResult {
  const saved = requireObject(place, json);
  const curve = saved["curve"] as SeedResult["curve"];
  requireArray(`${place}.curve`, (curve ?? []) as readonly number[], curvePoints);
  for (const point of curve) if (point !== null) requireNumber(`${place}.curve`, point);
  return {
    seed: requireInteger(`${place}.seed`, saved["seed"], { least: 0 }),
    meanReturn: requireNumber(`${place}.meanReturn`, saved["meanReturn"]),
    standardDeviation: requireNumber(`${place}.standardDeviation`, saved["standardDeviation"], { least: 0 }),
    seconds: requireNumber(`${place}.seconds`, saved["seconds"], { least: 0 }),
    node: requireString(`${place}.node`, saved["node"]),
    curve,
  };
}

/** Indented, but for lists of numbers, which stay on one line. */
function resultsText(json: JsonValue): string {
  return `${encodeJson("results", json, 2).replaceAll(/\[[^[\]{}]*\]/gu, (list) => list.replaceAll(/\s+/gu, " "))}\n`;
}

import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { FormatError, OptionError } from "@uphill/core-math";
import { definitionOf, makeVectorEnvironment } from "@uphill/envs";
import type { EnvironmentSource } from "@uphill/envs";
import { resolveOptions } from "@uphill/training";
import type { Agent, Algorithm } from "@uphill/training";
import { readTransitions, RunFolder } from "@uphill/training/node";
import type { CheckpointName } from "@uphill/training/node";
import { findAlgorithm } from "../algorithms.js";
import { environmentNamed } from "../environment/environment-option.js";
import type { NamedEnvironment } from "../environment/environment-option.js";
import { chosenPreset } from "../options/presets.js";
import { readRunConfig, runConfigJson } from "./run-config.js";
import type { RunConfig } from "./run-config.js";

/** One training run: its folder, and what the names in its configuration stand for. */
export interface Run {
  readonly folder: RunFolder;
  readonly config: RunConfig;
  readonly algorithm: Algorithm;
  readonly env: EnvironmentSource;
}

/** What a new run is made of. */
export interface NewRun extends Pick<RunConfig, "seed" | "steps" | "selection"> {
  readonly algorithm: Algorithm;
  readonly environment: NamedEnvironment;
  /** A file of transitions to learn from in place of playing. */
  readonly data?: string | undefined;
  /** The folder; where left out, one in `runs` that is named after the run. */
  readonly out: string | undefined;
  /** Whether a run that is already there may be deleted. */
  readonly overwrite: boolean;
  /** The name of a preset, or `none`; where left out, the environment's own, if it has one. */
  readonly preset: string | undefined;
  /** The options that were given. */
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Starts a run: nothing is written unless its agent can be made.
 *
 * @throws OptionError, FileError naming what is wrong with what was given.
 */
export async function startRun(request: NewRun): Promise<{ readonly run: Run; readonly agent: Agent }> {
  const { algorithm, environment, seed, steps, selection } = request;
  const env = environment.source;
  const { id } = definitionOf(env);
  const preset = chosenPreset(algorithm, id, request.preset);
  const options = resolveOptions(algorithm.options, request.options, preset === null ? {} : algorithm.presets[preset]);
  const config: RunConfig = {
    algorithm: algorithm.name,
    environment: environment.reference,
    seed,
    data: request.data === undefined ? null : resolve(request.data),
    steps,
    preset,
    options,
    selection,
  };
  const agent = await newAgent({ algorithm, env, config });
  const path = request.out ?? join("runs", `${fileName(id)}-${algorithm.name}-seed${seed}`);
  const folder = await RunFolder.create(path, runConfigJson(config), { overwrite: request.overwrite });
  // An export of the run that was there before would pass for one of this run.
  await rm(policyPath(folder.path), { force: true });
  return { run: { folder, config, algorithm, env }, agent };
}

/**
 * A run's agent, untrained.
 *
 * @throws FileError, FormatError where the transitions that it learns from cannot be read; OptionError where the algorithm
 *   learns only as it plays.
 */
export async function newAgent({ algorithm, env, config }: Omit<Run, "folder">): Promise<Agent> {
  const { data, options, seed } = config;
  if (data === null) return algorithm.create(env, options, seed);
  if (algorithm.createOffline === undefined) {
    throw new OptionError(`--data: expected none, since ${algorithm.name} learns only as it plays, got ${data}`);
  }
  const spaces = makeVectorEnvironment(env, 1);
  spaces.close();
  const stored = { transitions: await readTransitions(data, spaces), environmentId: definitionOf(env).id };
  return algorithm.createOffline(stored, options, seed);
}

/**
 * Opens the run of a folder.
 *
 * @param path - The folder.
 * @param env - The environment, where it is no longer where the configuration says.
 * @throws FileError where there is no run; FormatError where its configuration is damaged; OptionError where algorithm
 *   or environment are not known here.
 */
export async function openRun(path: string, env?: string): Promise<Run> {
  const folder = await RunFolder.open(path);
  const config = readRunConfig(path, folder.config);
  const { source } = await environmentNamed(env ?? config.environment);
  return { folder, config, algorithm: findAlgorithm(config.algorithm), env: source };
}

/**
 * The agent of one of a run's checkpoints.
 *
 * @throws FileError where there is no such checkpoint; FormatError naming the file where it is damaged.
 */
export async function agentOf({ folder, algorithm, env }: Run, name: CheckpointName): Promise<Agent> {
  const bytes = await folder.loadCheckpoint(name);
  try {
    return algorithm.resume(bytes, env);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`${folder.path}: ${name} ${cause.message}`, { cause });
  }
}

/** Where a run's exported policy goes, unless told otherwise. */
export function policyPath(folder: string): string {
  return join(folder, "policy.onnx");
}

/** A name without what folders cannot be called. */
function fileName(id: string): string {
  return id.replaceAll(/[^\w.-]+/gu, "-");
}

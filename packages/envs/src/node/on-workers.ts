import { expectation, OptionError, requireInteger, requireNumber, requireObject } from "@uphill/core-math";
import { availableParallelism } from "node:os";
import type { Environment, EnvironmentDefinition } from "../environment.js";
import { importEnvironment, moduleOf, type EnvironmentModule } from "../import-environment.js";
import { formsOfBatch } from "../internal/forms-of-batch.js";
import { savesState } from "../internal/saves-state.js";
import { urlOf } from "../internal/url-of.js";
import type { Box } from "../spaces/box.js";
import { type Space, spaceFromJSON } from "../spaces/space.js";
import { WorkerBatch, type WorkerBatchOptions } from "./worker-batch.js";

/** What {@link onWorkers} takes. */
export interface OnWorkersOptions extends EnvironmentModule {
  /** Most threads for one vector, at least 1. Default: one for each processor. There are never more than environments. */
  readonly workers?: number;
  /** How long a step or reset may take, in ms, above 0. Default 60 000. Loading the module may take a minute at least. */
  readonly timeoutMs?: number;
  /** URL of the workers' script, where a bundler has moved it from beside this module. */
  readonly script?: string | URL;
}

/**
 * An environment on worker threads, for one whose steps are expensive: those of a vector are computed at the same time,
 * and their rows go over shared memory. Where a step takes less than some 50 µs, the threads' talk costs more than they
 * save.
 *
 * Each environment does to the bit what it does without workers, seeds and saved states included. `step` makes the
 * caller's thread wait; `stepAsync` does not. Wrappers go around it, or are in the module and go along. What `info` says
 * stays on the worker. After an error in an environment, or a timeout, the workers are stopped: make a new vector.
 *
 * @param options - See {@link OnWorkersOptions}. Functions cannot be sent to a thread: hence the module and its export.
 * @returns The definition, which everything takes that takes an environment.
 * @throws OptionError where an option is out of range, or the export is no environment; FormatError where the module
 *   cannot be loaded. Its vectors throw StateError, naming the environment and its index, where a worker dies, hangs, or
 *   throws an error of another kind, and where environments differ in their spaces.
 */
export async function onWorkers(options: OnWorkersOptions): Promise<EnvironmentDefinition> {
  requireObject("options", options);
  const workers = requireInteger("workers", options.workers ?? availableParallelism(), { least: 1, most: 1024 });
  const timeoutMs = requireNumber("timeoutMs", options.timeoutMs ?? 60_000, { above: 0 });
  const script = urlOf("script", options.script ?? new URL("./environment-worker.js", import.meta.url));
  const definition = await importEnvironment(options);
  const { module, export: exportName } = moduleOf(definition)!;
  const common = { ...shapeOf(definition), id: definition.id, module, exportName, script, timeoutMs };
  const makeBatch = (count: number): WorkerBatch<Space> =>
    new WorkerBatch({ ...common, count, workers: Math.min(workers, count) });
  return { ...definition, ...formsOfBatch(definition.id, makeBatch) };
}

/** What one environment says of all: it is made here, and closed again. */
function shapeOf(
  definition: EnvironmentDefinition,
): Pick<WorkerBatchOptions, "observationSpace" | "actionSpace" | "savesState"> {
  const environment: Partial<Environment> = definition.make();
  const { observationSpace, actionSpace } = environment;
  if (typeof observationSpace?.toJSON !== "function" || typeof actionSpace?.toJSON !== "function") {
    throw new OptionError(expectation(`environment ${definition.id}`, "an environment with two spaces", environment));
  }
  environment.close?.();
  // Read anew, as the module may have spaces of another copy of this package.
  return {
    observationSpace: spaceFromJSON(observationSpace.toJSON()) as Box,
    actionSpace: spaceFromJSON(actionSpace.toJSON()) as Space,
    savesState: savesState(environment),
  };
}

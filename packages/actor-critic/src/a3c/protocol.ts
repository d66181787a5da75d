import type { JsonValue } from "@uphill/envs";
import type { Report } from "@uphill/training";
import type { A3cResolvedOptions } from "../a3c-options.js";
import type { SharedMemory } from "./shared-memory.js";
import type { UpdateTallyState } from "./update-tally.js";

/** How a thread finds the environment: one of `@uphill/envs` by its id, others by their module. */
export type NamedEnvironment = { readonly id: string } | { readonly module: string; readonly export: string };

/** What a thread is started with. */
export interface WorkerStart {
  readonly environment: NamedEnvironment;
  readonly settings: A3cResolvedOptions;
  readonly seed: number;
  /** The worker's index, from 1. */
  readonly worker: number;
  readonly memory: SharedMemory;
}

/** An iteration, as a worker is told of it. */
export interface Task {
  readonly learningRate: number;
  /** Environment steps before it, for errors. */
  readonly steps: number;
}

/** What a thread is told: a task, and the state to begin it from: null for the first one, undefined for where it is. */
export interface Assignment extends Task {
  readonly state: JsonValue | undefined;
}

/** What a worker gives back when its iteration ends. */
export interface WorkerResult {
  readonly tally: UpdateTallyState;
  readonly episodes: EpisodeReport;
  /** Everything that decides what follows, but for the parameters. */
  readonly state: JsonValue;
}

/** What reports say of episodes. */
export type EpisodeReport = Pick<Report, "episodes" | "meanReturn" | "meanLength">;

/** What a thread says. */
export type WorkerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly result: WorkerResult }
  | { readonly kind: "failed"; readonly name: string; readonly message: string };

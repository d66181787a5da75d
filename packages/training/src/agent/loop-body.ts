import type { JsonValue } from "@uphill/envs";
import type { Report } from "../report/report.js";
import type { TensorData } from "../safetensors/dtypes.js";
import type { Pace } from "./abortable-pace.js";

/** An agent's whole state between two iterations. */
export interface Snapshot {
  /** Weights and all other variables. */
  readonly tensors: Readonly<Record<string, TensorData>>;
  /** Everything else. */
  readonly state: JsonValue;
}

/** What an iteration is told. */
export interface Iteration {
  /** Part of the budget that is used, in [0, 1): what schedules go by. */
  readonly progress: number;
  /** Environment steps before this iteration. */
  readonly steps: number;
  /** Environment steps that the budget still allows, at least 1. */
  readonly remainingSteps: number;
  /** `if (pace.due) await pace.turn();` wherever the work may pause; an aborted run ends there. */
  readonly pace: Pace;
}

/** The numbers of a report that the loop itself counts. */
export type CountedByLoop = "steps" | "iteration" | "elapsedMs" | "stepsPerSecond";

/**
 * What an iteration gives the loop.
 *
 * @typeParam R - The algorithm's reports.
 */
export interface IterationResult<R extends Report> {
  /** Environment steps that it took, at least 1. */
  readonly taken: number;
  /** What it has to report; the loop adds steps and time. */
  readonly report: Omit<R, CountedByLoop>;
}

/**
 * What an algorithm gives a `TrainingLoop`: one iteration, and its state.
 *
 * @typeParam R - The algorithm's reports.
 */
export interface LoopBody<R extends Report> {
  /**
   * Trains for one iteration.
   *
   * @param iteration - Where training stands.
   * @returns The environment steps that it took, and its report.
   */
  iterate(iteration: Iteration): Promise<IterationResult<R>>;
  /** Copies of everything that decides what follows. */
  capture(): Snapshot;
  /** Goes back to what {@link capture} gave, as often as it is called. */
  restore(snapshot: Snapshot): void;
}

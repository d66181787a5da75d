import { requireInteger, requireObject, StateError } from "@uphill/core-math";
import type { JsonValue } from "@uphill/envs";
import { readSaved } from "../internal/read-saved.js";
import { EventLoopPacer } from "../pace/event-loop-pacer.js";
import { requireSignal } from "../pace/require-signal.js";
import type { Report } from "../report/report.js";
import { Aborted, AbortablePace } from "./abortable-pace.js";
import type { Pace } from "./abortable-pace.js";
import type { TrainOptions } from "./agent.js";
import { noCounters, readCounters } from "./counters.js";
import type { Counters } from "./counters.js";
import type { IterationResult, LoopBody, Snapshot } from "./loop-body.js";

/**
 * The frame around an algorithm's iterations: the budget, the clock, stopping, and what a stop leaves behind.
 *
 * After every iteration it keeps a snapshot. An iteration that is aborted or throws is undone by it, so that an agent
 * is always at the end of a whole iteration: a checkpoint is that snapshot, and resuming repeats nothing differently.
 *
 * @typeParam R - The algorithm's reports.
 */
export class TrainingLoop<R extends Report> {
  readonly #body: LoopBody<R>;
  #counters: Counters = noCounters;
  #boundary: Snapshot;
  #training = false;
  /** Whether the body is not at the boundary, since going back to it failed. */
  #astray = false;

  /** @param body - The algorithm, in its first state. */
  constructor(body: LoopBody<R>) {
    this.#body = body;
    this.#boundary = body.capture();
  }

  /** Environment steps taken so far. */
  get steps(): number {
    return this.#counters.steps;
  }

  /** Environment steps at which the current budget ends; it is used up where {@link steps} are as many or more. */
  get targetSteps(): number {
    return this.#counters.targetSteps;
  }

  /** The state after the last finished iteration, the counters included; while training too. */
  snapshot(): Snapshot {
    return { tensors: this.#boundary.tensors, state: { counters: this.#counters, body: this.#boundary.state } };
  }

  /**
   * Goes on from a snapshot.
   *
   * @param snapshot - What {@link snapshot} gave, in this loop or another of the same algorithm and options.
   * @throws FormatError where it is damaged or none of this algorithm; StateError while training. Then the state is the
   *   one before.
   */
  resume({ tensors, state }: Snapshot): void {
    if (this.#training) throw new StateError("resume: expected an agent at rest, got one that is training");
    try {
      const { counters, body } = readSaved(() => requireObject("checkpoint.state", state));
      const read = readCounters(counters);
      readSaved(() => this.#body.restore({ tensors, state: body as JsonValue }));
      this.#boundary = this.#body.capture();
      this.#counters = read;
      this.#astray = false;
    } catch (error) {
      this.#undo(error);
      throw error;
    }
  }

  /**
   * Runs iterations until the budget is used up; see `Agent.train`.
   *
   * @param options - See {@link TrainOptions}.
   * @returns A report after each iteration.
   * @throws OptionError for a budget or a signal that is none; StateError while training already; what the algorithm
   *   throws, with its state back at the last finished iteration.
   */
  async *train(options: TrainOptions = {}): AsyncGenerator<R, void, undefined> {
    requireObject("options", options);
    const signal = requireSignal("signal", options.signal);
    if (this.#training) throw new StateError("train: expected an agent at rest, got one that is training already");
    this.#setBudget(options.steps);
    this.#training = true;
    try {
      if (this.#astray) this.#goBack();
      // One pacer for all iterations: many short ones must let the event loop turn just as a long one.
      const pacer = new EventLoopPacer();
      while (!this.#finished(signal)) {
        const report = await this.#iterateOrUndo(new AbortablePace(pacer, signal));
        if (report === undefined) return;
        yield report;
        if (pacer.due) await pacer.turn();
      }
    } finally {
      this.#training = false;
    }
  }

  #setBudget(given: number | undefined): void {
    const { steps, targetSteps } = this.#counters;
    if (given === undefined && steps < targetSteps) return;
    const budget = requireInteger("steps", given, { least: 1, most: Number.MAX_SAFE_INTEGER - steps });
    this.#counters = { ...this.#counters, budgetStart: steps, targetSteps: steps + budget };
  }

  #finished(signal: AbortSignal | undefined): boolean {
    return this.#counters.steps >= this.#counters.targetSteps || signal?.aborted === true;
  }

  /** One iteration; undefined where it was aborted. */
  async #iterateOrUndo(pace: Pace): Promise<R | undefined> {
    const { steps, budgetStart, targetSteps } = this.#counters;
    const started = performance.now();
    try {
      const result = await this.#body.iterate({
        progress: (steps - budgetStart) / (targetSteps - budgetStart),
        steps,
        remainingSteps: targetSteps - steps,
        pace,
      });
      requireInteger("steps taken by an iteration", result.taken, { least: 1 });
      const iterationMs = performance.now() - started;
      this.#boundary = this.#body.capture();
      return this.#counted(result, iterationMs);
    } catch (error) {
      this.#undo(error);
      if (error instanceof Aborted) return undefined;
      throw error;
    }
  }

  /** Takes a finished iteration into the counters, and the counters into its report. */
  #counted({ taken, report }: IterationResult<R>, iterationMs: number): R {
    const steps = this.#counters.steps + taken;
    const iteration = this.#counters.iteration + 1;
    const elapsedMs = this.#counters.elapsedMs + iterationMs;
    this.#counters = { ...this.#counters, steps, iteration, elapsedMs };
    // A browser's clock may stand still for as long as a short iteration takes.
    const stepsPerSecond = elapsedMs > 0 ? (1000 * steps) / elapsedMs : 0;
    return { steps, iteration, elapsedMs, stepsPerSecond, ...report } as R;
  }

  /** Goes back to the boundary after something that did not finish. */
  #undo(reason: unknown): void {
    try {
      this.#goBack();
    } catch (error) {
      // What went wrong first is what its reader wants to know; the next call to train tries again.
      if (reason instanceof Aborted) throw error;
    }
  }

  #goBack(): void {
    this.#astray = true;
    this.#body.restore(this.#boundary);
    this.#astray = false;
  }
}

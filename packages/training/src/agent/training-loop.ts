import { FormatError, requireInteger, requireNumber, requireObject, StateError, UphillError } from "@uphill/core-math";
import type { JsonValue } from "@uphill/envs";
import { EventLoopPacer } from "../pace/event-loop-pacer.js";
import { requireSignal } from "../pace/require-signal.js";
import type { Report } from "../report/report.js";
import type { TensorData } from "../safetensors/dtypes.js";
import type { TrainOptions } from "./agent.js";

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
  /** Environment steps that the budget still allows. */
  readonly remainingSteps: number;
  /** `if (pace.due) await pace.turn();` wherever the work may pause; an aborted run ends there. */
  readonly pace: Pace;
}

/** Lets the event loop turn now and then. */
export interface Pace {
  readonly due: boolean;
  turn(): Promise<void>;
}

/** The numbers of a report that the loop itself counts. */
type Counted = "steps" | "iteration" | "elapsedMs" | "stepsPerSecond";

/** What an algorithm gives the loop: one iteration, and its state. */
export interface LoopBody<R extends Report> {
  /** Trains for one iteration; returns the environment steps that it took, and what it has to report. */
  iterate(iteration: Iteration): Promise<{ readonly taken: number; readonly report: Omit<R, Counted> }>;
  /** Copies of everything that decides what follows. */
  capture(): Snapshot;
  /** Goes back to what {@link capture} gave. */
  restore(snapshot: Snapshot): void;
}

interface Counters {
  steps: number;
  iteration: number;
  elapsedMs: number;
  budgetStart: number;
  targetSteps: number;
}

/**
 * The frame around an algorithm's iterations: the budget, the clock, stopping, and what a stop leaves behind.
 *
 * After every iteration it keeps a snapshot. An iteration that is aborted or throws is undone by it, so that an agent
 * is always at the end of a whole iteration: a checkpoint is that snapshot, and resuming repeats nothing differently.
 */
export class TrainingLoop<R extends Report> {
  readonly #body: LoopBody<R>;
  #counters: Counters = { steps: 0, iteration: 0, elapsedMs: 0, budgetStart: 0, targetSteps: 0 };
  #boundary: Snapshot;
  #training = false;

  /** @param body - The algorithm, in its first state. */
  constructor(body: LoopBody<R>) {
    this.#body = body;
    this.#boundary = body.capture();
  }

  /** Environment steps taken so far. */
  get steps(): number {
    return this.#counters.steps;
  }

  /** Environment steps at which the current budget ends. */
  get targetSteps(): number {
    return this.#counters.targetSteps;
  }

  /** The state after the last finished iteration, the counters included. */
  snapshot(): Snapshot {
    return { tensors: this.#boundary.tensors, state: { counters: { ...this.#counters }, body: this.#boundary.state } };
  }

  /**
   * Goes on from a snapshot.
   *
   * @throws FormatError where it is none of this algorithm; StateError while training.
   */
  resume({ tensors, state }: Snapshot): void {
    if (this.#training) throw new StateError("resume: expected an agent at rest, got one that is training");
    try {
      const { counters, body } = requireObject("checkpoint.state", state);
      const read = readCounters(counters);
      this.#body.restore({ tensors, state: body as JsonValue });
      this.#counters = read;
    } catch (cause) {
      if (cause instanceof FormatError || !(cause instanceof UphillError)) throw cause;
      throw new FormatError(cause.message, { cause });
    }
    this.#boundary = this.#body.capture();
  }

  /** Runs iterations until the budget is used up; see `Agent.train`. */
  async *train(options: TrainOptions = {}): AsyncGenerator<R, void, undefined> {
    const signal = requireSignal("signal", options.signal);
    if (this.#training) throw new StateError("train: expected an agent at rest, got one that is training already");
    this.#setBudget(options.steps);
    this.#training = true;
    try {
      while (this.#counters.steps < this.#counters.targetSteps && signal?.aborted !== true) {
        const report = await this.#iterateOrUndo(signal);
        if (report === undefined) return;
        yield report;
      }
    } finally {
      this.#training = false;
    }
  }

  #setBudget(steps: number | undefined): void {
    if (steps === undefined && this.#counters.steps < this.#counters.targetSteps) return;
    requireInteger("steps", steps, { least: 1 });
    this.#counters.budgetStart = this.#counters.steps;
    this.#counters.targetSteps = this.#counters.steps + (steps as number);
  }

  /** One iteration; undefined where it was aborted. */
  async #iterateOrUndo(signal: AbortSignal | undefined): Promise<R | undefined> {
    const { steps, budgetStart, targetSteps } = this.#counters;
    const started = performance.now();
    try {
      const { taken, report } = await this.#body.iterate({
        progress: (steps - budgetStart) / (targetSteps - budgetStart),
        steps,
        remainingSteps: targetSteps - steps,
        pace: new AbortablePace(signal),
      });
      this.#counters.steps += taken;
      this.#counters.iteration++;
      this.#counters.elapsedMs += performance.now() - started;
      this.#boundary = this.#body.capture();
      const { iteration, elapsedMs } = this.#counters;
      const stepsPerSecond = (1000 * this.#counters.steps) / elapsedMs;
      return { steps: this.#counters.steps, iteration, elapsedMs, stepsPerSecond, ...report } as R;
    } catch (error) {
      this.#body.restore(this.#boundary);
      if (error instanceof Aborted) return undefined;
      throw error;
    }
  }
}

/** Thrown through an iteration to end it; never leaves the loop. */
class Aborted extends Error {}

class AbortablePace implements Pace {
  readonly #pacer = new EventLoopPacer();
  readonly #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  get due(): boolean {
    return this.#pacer.due;
  }

  async turn(): Promise<void> {
    await this.#pacer.turn();
    if (this.#signal?.aborted === true) throw new Aborted();
  }
}

function readCounters(json: unknown): Counters {
  const saved = requireObject("checkpoint.state.counters", json);
  const count = (name: keyof Counters): number =>
    requireInteger(`checkpoint.state.counters.${name}`, saved[name], { least: 0 });
  return {
    steps: count("steps"),
    iteration: count("iteration"),
    elapsedMs: requireNumber("checkpoint.state.counters.elapsedMs", saved["elapsedMs"], { least: 0 }),
    budgetStart: count("budgetStart"),
    targetSteps: count("targetSteps"),
  };
}

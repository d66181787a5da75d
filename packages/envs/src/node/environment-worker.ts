import { FormatError, StateError } from "@uphill/core-math";
import process from "node:process";
import { getEnvironmentData, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { importEnvironment, threadPreloadKey } from "../import-environment.js";
import { savesState } from "../internal/saves-state.js";
import { SinglesBatch } from "../internal/singles-batch.js";
import type { JsonValue } from "../json.js";
import { makeBare } from "../make.js";
import type { Space } from "../spaces/space.js";
import { COMMAND, CONTROL, rowsOf, type SentError, STATUS, type WorkerStart } from "./worker-protocol.js";

/** Does what is asked through shared memory, until it is closed. The thread waits in between, and is deaf to events. */
class EnvironmentWorker {
  private readonly control: Int32Array;
  private batch: SinglesBatch<Space> | undefined;
  /** Number of the command that is being obeyed; to make the environments is the first. */
  private taken = 1;

  constructor(private readonly start: WorkerStart) {
    this.control = start.control;
  }

  async run(): Promise<void> {
    const died = (): void => {
      this.answer(STATUS.exited);
    };
    process.once("exit", died);
    try {
      await this.make();
      this.answer(STATUS.done);
    } catch (error) {
      process.off("exit", died);
      this.fail(error);
      return;
    }
    for (let open = true; open; ) {
      Atomics.wait(this.control, CONTROL.asked, this.taken);
      this.taken = Atomics.load(this.control, CONTROL.asked);
      open = this.control[CONTROL.command] !== COMMAND.close;
      if (!open) process.off("exit", died);
      try {
        this.obey();
        this.answer(STATUS.done);
      } catch (error) {
        this.fail(error);
      }
    }
    this.start.port.close();
  }

  private async make(): Promise<void> {
    const { module, exportName, id, first, count, observationSpace, actionSpace } = this.start;
    const preload = getEnvironmentData(threadPreloadKey);
    if (typeof preload === "string") await import(/* @vite-ignore */ preload);
    const definition = await importEnvironment({ module, export: exportName });
    const environments = Array.from({ length: count }, (_, i) => {
      this.enter(first + i);
      const environment = makeBare(definition);
      const spaces = JSON.stringify([environment.observationSpace, environment.actionSpace]);
      if (spaces === JSON.stringify([observationSpace, actionSpace])) return environment;
      throw new StateError(`${id}, environment ${first + i}: expected the spaces of environment 0, got others`);
    });
    this.batch = new SinglesBatch(id, environments, { first, enter: (index) => this.enter(index) });
  }

  private obey(): void {
    const { batch, start } = this;
    if (batch === undefined) throw new StateError(`${start.id}: expected environments, got none`);
    const rows = rowsOf(start.arrays, start.arrays.rows.length, start.first, start.count);
    switch (this.control[CONTROL.command]) {
      case COMMAND.reset:
        for (let i = 0; i < start.count; i++) {
          if (rows.rows[i] === 0) continue;
          batch.reset(i, Number.isNaN(rows.seeds[i]) ? undefined : rows.seeds[i], rows.observations);
        }
        break;
      case COMMAND.step:
        batch.step(rows.actions, rows, rows.rows);
        break;
      case COMMAND.save:
        if (savesState(batch)) start.port.postMessage(batch.saveState());
        break;
      case COMMAND.restore:
        if (savesState(batch)) batch.restoreState(this.received());
        break;
      case COMMAND.close:
        batch.close();
        break;
    }
  }

  private received(): JsonValue {
    const received = receiveMessageOnPort(this.start.port);
    if (received !== undefined) return received.message as JsonValue;
    throw new FormatError(`state of ${this.start.id}: expected a saved state, got none`);
  }

  private enter(environment: number): void {
    Atomics.store(this.control, CONTROL.environment, environment);
  }

  private fail(error: unknown): void {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const sent: SentError = { name, message, environment: Atomics.load(this.control, CONTROL.environment) };
    this.start.port.postMessage(sent);
    this.answer(STATUS.failed);
  }

  private answer(status: number): void {
    this.control[CONTROL.status] = status;
    const wanted = Atomics.exchange(this.control, CONTROL.message, 0);
    Atomics.store(this.control, CONTROL.answered, this.taken);
    Atomics.notify(this.control, CONTROL.answered);
    if (wanted !== 0) parentPort?.postMessage(null);
  }
}

// Imported anywhere else than in a worker of this package, it does nothing.
const start = workerData as Partial<WorkerStart> | null;
if (start?.control !== undefined) await new EnvironmentWorker(start as WorkerStart).run();

import { StateError } from "@uphill/core-math";
import type { EnvironmentBatch, StepResults } from "../environment.js";
import { readList } from "../internal/saved.js";
import type { JsonValue } from "../json.js";
import type { Box } from "../spaces/box.js";
import type { ActionsOf, Space } from "../spaces/space.js";
import { COMMAND, type Command, type SharedArrays, sharedArrays } from "./worker-protocol.js";
import { WorkerLink } from "./worker-link.js";

/** A thread is given this long to load its module, whatever the limit of a step: in ms. */
const LEAST_START_MS = 60_000;

/** What a {@link WorkerBatch} is made of. */
export interface WorkerBatchOptions {
  readonly module: string;
  readonly exportName: string;
  readonly id: string;
  readonly count: number;
  readonly workers: number;
  readonly timeoutMs: number;
  readonly script: URL;
  readonly observationSpace: Box;
  readonly actionSpace: Space;
  readonly savesState: boolean;
}

/** N environments on worker threads, each thread with a run of successive ones. Rows go over shared memory. */
export class WorkerBatch<A extends Space> implements EnvironmentBatch<A> {
  readonly count: number;
  readonly observationSpace: Box;
  readonly actionSpace: A;
  readonly saveState?: () => JsonValue;
  readonly restoreState?: (state: JsonValue) => void;
  private readonly links: readonly WorkerLink[];
  private readonly arrays: SharedArrays;
  private started = false;
  private open = true;

  constructor(private readonly options: WorkerBatchOptions) {
    const { count, workers, observationSpace, actionSpace } = options;
    this.count = count;
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace as A;
    this.arrays = sharedArrays(count, observationSpace.size, actionSpace);
    this.links = Array.from({ length: workers }, (_, worker) => {
      const [first, end] = [worker, worker + 1].map((part) => Math.floor((part * count) / workers));
      return this.link(first, end - first);
    });
    this.guarded(() => this.waitFor(this.links, Math.max(options.timeoutMs, LEAST_START_MS)));
    if (!options.savesState) return;
    this.saveState = () => this.saved();
    this.restoreState = (state) => {
      this.restored(state);
    };
  }

  reset(index: number, seed: number | undefined, observations: Float32Array): void {
    const rows = new Uint8Array(this.count);
    rows[index] = 1;
    this.resetRows(rows, seed === undefined ? undefined : new Float64Array(this.count).fill(seed), observations);
  }

  resetRows(rows: Uint8Array, seeds: ArrayLike<number> | undefined, observations: Float32Array): void {
    this.arrays.rows.set(rows);
    if (seeds === undefined) this.arrays.seeds.fill(Number.NaN);
    else this.arrays.seeds.set(seeds);
    const concerned = this.links.filter(({ first, count }) => rows.subarray(first, first + count).includes(1));
    this.command(COMMAND.reset, concerned);
    const { size } = this.observationSpace;
    for (let i = 0; i < this.count; i++) {
      if (rows[i] === 0) continue;
      observations.set(this.arrays.observations.subarray(i * size, (i + 1) * size), i * size);
    }
  }

  step(actions: ActionsOf<A>, results: StepResults, active?: Uint8Array): void {
    if (this.started) this.started = false;
    else {
      this.prepare(actions, active);
      this.command(COMMAND.step, this.links);
    }
    results.observations.set(this.arrays.observations);
    results.rewards.set(this.arrays.rewards);
    results.terminated.set(this.arrays.terminated);
    results.truncated.set(this.arrays.truncated);
  }

  async startStep(actions: ActionsOf<A>, active?: Uint8Array): Promise<void> {
    this.requireOpen();
    this.prepare(actions, active);
    for (const link of this.links) link.ask(COMMAND.step, 1);
    const answers = await Promise.allSettled(this.links.map(async (link) => link.waitAsync(this.options.timeoutMs)));
    const failed = answers.find((answer) => answer.status === "rejected");
    if (failed !== undefined) {
      this.stop();
      throw failed.reason;
    }
    this.started = true;
  }

  close(): void {
    if (!this.open) return;
    try {
      this.command(COMMAND.close, this.links);
    } finally {
      this.stop();
    }
  }

  private link(first: number, count: number): WorkerLink {
    const { script, module, exportName, id, observationSpace, actionSpace } = this.options;
    const spaces = { observationSpace: observationSpace.toJSON(), actionSpace: actionSpace.toJSON() };
    return new WorkerLink(script, { module, exportName, id, first, count, ...spaces, arrays: this.arrays });
  }

  private prepare(actions: ActionsOf<A>, active: Uint8Array | undefined): void {
    this.arrays.actions.set(actions);
    if (active === undefined) this.arrays.rows.fill(1);
    else this.arrays.rows.set(active);
  }

  private saved(): JsonValue {
    this.command(COMMAND.save, this.links);
    return this.links.flatMap((link) => link.receive() as readonly JsonValue[]);
  }

  private restored(state: JsonValue): void {
    this.requireOpen();
    const states = readList("state.environments", state, this.count);
    for (const link of this.links) link.send(states.slice(link.first, link.first + link.count));
    this.command(COMMAND.restore, this.links);
  }

  private command(command: Command, links: readonly WorkerLink[]): void {
    this.requireOpen();
    for (const link of links) link.ask(command);
    this.guarded(() => this.waitFor(links, this.options.timeoutMs));
  }

  private waitFor(links: readonly WorkerLink[], limitMs: number): void {
    const deadline = performance.now() + limitMs;
    for (const link of links) link.wait(limitMs, deadline);
  }

  /** A call after whose failure no worker is of use: they may be in the middle of anything. */
  private guarded(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  private stop(): void {
    this.open = false;
    for (const link of this.links) link.stop();
  }

  private requireOpen(): void {
    if (!this.open) throw new StateError(`${this.options.id}: expected running workers, but they were stopped; make a new vector`);
  }
}

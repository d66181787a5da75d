import type { JsonValue } from "@uphill/envs";
import type { Pace } from "@uphill/training";
import { CrewMember } from "./crew-member.js";
import type { MemberOptions } from "./crew-member.js";
import type { Task, WorkerResult, WorkerStart } from "./protocol.js";

/** How often the calling thread looks up while it waits, in ms. */
const LOOK_UP_MS = 10;

/** How long a worker may take to stop before its thread is ended, in ms. */
const STOP_MS = 10_000;

/** All workers but the first, each on a thread of its own. */
export class Crew {
  readonly #members: readonly CrewMember[];
  #wake = (): void => undefined;

  /**
   * @param start - What each is started with, but for its index. No thread starts yet.
   * @param stop - Called where one has failed, so that nobody works on in vain.
   */
  constructor(script: URL, start: Omit<WorkerStart, "worker">, stop: () => void) {
    const onChange: MemberOptions["onChange"] = () => {
      if (this.#members.some(({ error }) => error !== undefined)) stop();
      this.#wake();
    };
    this.#members = Array.from(
      { length: start.settings.workers - 1 },
      (_, i) => new CrewMember({ script, start: { ...start, worker: i + 1 }, onChange }),
    );
  }

  /** How often one of them was replaced. */
  get replacements(): number {
    return this.#members.reduce((sum, { replacements }) => sum + replacements, 0);
  }

  /** Where the last finished iteration left each. */
  get states(): JsonValue[] {
    return this.#members.map(({ state }) => state);
  }

  /** Starts threads where there are none, and waits until all can work. */
  async open(pace: Pace): Promise<void> {
    for (const member of this.#members) member.open();
    await this.#until(() => this.#members.every(({ isReady }) => isReady), pace);
  }

  /** Sets all of them to work, once they are open. */
  assign(task: Task): void {
    for (const member of this.#members) member.assign(task);
  }

  /** What each gives back, once all of them have. @throws what one threw; StateError for one that dies again and again. */
  async results(pace: Pace): Promise<WorkerResult[]> {
    await this.#until(() => !this.#members.some(({ isWorking }) => isWorking), pace);
    return this.#members.map((member) => {
      const { result } = member;
      member.keep();
      return result!;
    });
  }

  /** Waits until all have stopped, which they were told by their budget; the thread of one that does not is ended. */
  async rest(): Promise<void> {
    const deadline = performance.now() + STOP_MS;
    while (this.#members.some(({ isWorking }) => isWorking) && performance.now() < deadline) await this.#change();
    for (const member of this.#members) if (member.isWorking) member.close();
  }

  /** Has each go on from a state with its next task; null for the beginning. */
  restore(states: readonly JsonValue[]): void {
    this.#members.forEach((member, i) => {
      member.restore(states[i]);
    });
  }

  /** Ends all threads. */
  close(): void {
    for (const member of this.#members) member.close();
  }

  async #until(done: () => boolean, pace: Pace): Promise<void> {
    for (;;) {
      const failed = this.#members.find(({ error }) => error !== undefined);
      if (failed !== undefined) throw failed.error!;
      if (done()) return;
      await this.#change();
      if (pace.due) await pace.turn();
    }
  }

  /** Resolves when a thread has something to say, and now and then without. */
  async #change(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LOOK_UP_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

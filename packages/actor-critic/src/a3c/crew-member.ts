import * as errors from "@uphill/core-math";
import { StateError } from "@uphill/core-math";
import type { JsonValue } from "@uphill/envs";
import type { Assignment, Task, WorkerMessage, WorkerResult, WorkerStart } from "./protocol.js";
import { CONTROL } from "./shared-memory.js";

type Threads = ReturnType<typeof globalThis.process.getBuiltinModule<"node:worker_threads">>;
type Thread = InstanceType<Threads["Worker"]>;

/** After so many deaths in a row without an update, another try is no use. */
const MOST_FRUITLESS_LIVES = 3;

/** What a crew gives its members. */
export interface MemberOptions {
  readonly script: URL;
  readonly start: WorkerStart;
  /** Called whenever something has changed. */
  readonly onChange: () => void;
}

/** One worker on a thread of its own, seen from the calling thread; when the thread dies, another takes its place. */
export class CrewMember {
  /** Whether the thread can work. */
  isReady = false;
  /** What it gave back for the task; undefined while it works. */
  result: WorkerResult | undefined;
  /** What is wrong with it, where no other thread would do better. */
  error: Error | undefined;
  /** How often it was replaced. */
  replacements = 0;
  readonly #options: MemberOptions;
  #thread: Thread | undefined;
  #resultOf: Thread | undefined;
  #task: Task | undefined;
  /** Where the last finished iteration left it; null for the beginning. */
  #state: JsonValue = null;
  /** Whether the thread is there. */
  #isAtState = false;
  #updatesBefore = 0;
  #fruitlessLives = 0;

  constructor(options: MemberOptions) {
    this.#options = options;
  }

  /** Whether it is at work. */
  get isWorking(): boolean {
    return this.#task !== undefined && this.result === undefined && this.error === undefined;
  }

  /** Starts its thread, where it has none, and forgets what went wrong before. */
  open(): void {
    this.error = undefined;
    if (this.#thread !== undefined) return;
    this.#fruitlessLives = 0;
    this.#start();
  }

  /** Gives it a task. */
  assign(task: Task): void {
    this.#task = task;
    this.result = undefined;
    this.error = undefined;
    this.#post();
  }

  /** Takes what it gave back as where the iteration left it. */
  keep(): void {
    this.#state = this.result?.state ?? this.#state;
    // Another thread than the one that gave it back has yet to be brought there.
    this.#isAtState = this.#thread === this.#resultOf;
    this.#task = undefined;
  }

  /** Where the last finished iteration left it. */
  get state(): JsonValue {
    return this.#state;
  }

  /** Has it go on from another state with its next task; null for the beginning. */
  restore(state: JsonValue): void {
    this.#state = state;
    this.#isAtState = false;
    this.#task = undefined;
  }

  /** Ends the thread, whatever it is doing; {@link open} starts another. */
  close(): void {
    const thread = this.#thread;
    this.#thread = undefined;
    this.isReady = false;
    void thread?.terminate();
  }

  get #updates(): number {
    const { memory, worker } = this.#options.start;
    return Atomics.load(memory.control, CONTROL.updates + worker);
  }

  #start(): void {
    const { script, start } = this.#options;
    const thread = new (threads(start.settings.workers).Worker)(script, { workerData: start });
    this.#thread = thread;
    this.#isAtState = this.#state === null;
    this.#updatesBefore = this.#updates;
    let reason = "";
    thread.on("message", (message: WorkerMessage) => {
      if (this.#thread === thread) this.#hear(message);
    });
    thread.on("error", (error) => (reason = `: ${String(error)}`));
    thread.on("exit", (code) => {
      if (this.#thread === thread) this.#replace(`exit code ${code}${reason}`);
    });
    thread.unref();
  }

  #post(): void {
    if (this.#task === undefined) return;
    const assignment: Assignment = { ...this.#task, state: this.#isAtState ? undefined : this.#state };
    this.#isAtState = false;
    this.#thread?.postMessage(assignment);
  }

  #hear(message: WorkerMessage): void {
    if (message.kind === "ready") this.isReady = true;
    else if (message.kind === "done") {
      this.result = message.result;
      this.#resultOf = this.#thread;
    } else {
      this.error = this.#thrown(message);
      if (!this.isReady) this.close();
    }
    this.#options.onChange();
  }

  #replace(reason: string): void {
    this.close();
    this.replacements++;
    this.#fruitlessLives = this.#updates === this.#updatesBefore ? this.#fruitlessLives + 1 : 0;
    if (this.#fruitlessLives < MOST_FRUITLESS_LIVES) {
      this.#start();
      if (this.isWorking) this.#post();
    } else {
      const lives = `${MOST_FRUITLESS_LIVES} times in a row`;
      this.error = new StateError(`a3c: worker ${this.#options.start.worker} died before its first update, ${lives}; ${reason}`);
    }
    this.#options.onChange();
  }

  /** The error as it was thrown in the thread, by its name. */
  #thrown({ name, message }: { readonly name: string; readonly message: string }): Error {
    const kind: unknown = Reflect.get(errors, name);
    const place = `worker ${this.#options.start.worker}`;
    if (typeof kind === "function" && kind.prototype instanceof errors.UphillError) {
      return Reflect.construct(kind, [`${place}: ${message}`]) as Error;
    }
    return new StateError(`${place}: threw ${name}: ${message}`);
  }
}

/** @throws StateError outside Node.js. */
function threads(workers: number): Threads {
  const runtime: Partial<Pick<NodeJS.Process, "getBuiltinModule">> | undefined = globalThis.process;
  const modules = runtime?.getBuiltinModule?.("node:worker_threads");
  if (modules !== undefined) return modules;
  throw new StateError(`a3c: expected Node.js, on whose threads ${workers} workers run, got another engine; one worker runs everywhere`);
}

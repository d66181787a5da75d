import * as errors from "@uphill/core-math";
import { StateError } from "@uphill/core-math";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { JsonValue } from "../json.js";
import { COMMAND, type Command, CONTROL, CONTROL_WORDS, type SentError, STATUS, type WorkerStart } from "./worker-protocol.js";

/** What a worker does while it is waited for, as errors say it. */
const DOING = ["make", "reset", "step", "saveState", "restoreState", "close"];

/** One worker, seen from the thread that asks it. */
export class WorkerLink {
  readonly first: number;
  readonly count: number;
  private readonly control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_WORDS));
  private readonly channel = new MessageChannel();
  private readonly worker: Worker;
  private gone = false;
  private wake: () => void = () => undefined;

  constructor(
    script: URL,
    private readonly start: Omit<WorkerStart, "control" | "port">,
  ) {
    this.first = start.first;
    this.count = start.count;
    this.control[CONTROL.environment] = start.first;
    Atomics.store(this.control, CONTROL.asked, 1);
    const workerData: WorkerStart = { ...start, control: this.control, port: this.channel.port2 };
    this.worker = new Worker(script, { workerData, transferList: [this.channel.port2] });
    this.worker.on("message", () => this.wake());
    this.worker.on("error", () => (this.gone = true));
    this.worker.on("exit", () => {
      this.gone = true;
      this.wake();
    });
    this.worker.unref();
    this.channel.port1.unref();
  }

  /** Gives a command; an answer must have come to the last one. */
  ask(command: Command, message = 0): void {
    this.control[CONTROL.command] = command;
    this.control[CONTROL.message] = message;
    Atomics.add(this.control, CONTROL.asked, 1);
    Atomics.notify(this.control, CONTROL.asked);
  }

  send(message: JsonValue): void {
    this.channel.port1.postMessage(message);
  }

  receive(): unknown {
    return receiveMessageOnPort(this.channel.port1)?.message;
  }

  /**
   * Waits for the answer, the thread with it.
   *
   * @param limitMs - How long the answer may take, for the error.
   * @param deadline - When to give up, in ms of `performance.now()`.
   * @throws what the environment threw; StateError where the worker has died, or does not answer in time.
   */
  wait(limitMs: number, deadline = performance.now() + limitMs): void {
    for (;;) {
      const answered = Atomics.load(this.control, CONTROL.answered);
      if (answered === Atomics.load(this.control, CONTROL.asked)) break;
      const left = deadline - performance.now();
      if (this.gone) throw this.lost("the worker has died");
      if (left <= 0) throw this.lost(`no answer within ${limitMs} ms: it hangs, or its worker has died`);
      Atomics.wait(this.control, CONTROL.answered, answered, left);
    }
    this.settle();
  }

  /** {@link wait} while the thread does other things; for a command that asked for a message. */
  async waitAsync(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, limitMs);
    });
    clearTimeout(timer);
    this.wait(limitMs, performance.now());
  }

  /** Ends the thread, whatever it is doing. */
  stop(): void {
    this.gone = true;
    this.channel.port1.close();
    void this.worker.terminate();
  }

  private settle(): void {
    const status = this.control[CONTROL.status];
    if (status === STATUS.exited) throw this.lost("the worker has exited");
    if (status === STATUS.failed) throw this.thrown(this.receive() as SentError);
  }

  /** The error as it was thrown in the worker, by its name. */
  private thrown({ name, message, environment }: SentError): Error {
    const kind: unknown = Reflect.get(errors, name);
    const place = `${this.start.id}, environment ${environment}`;
    if (typeof kind === "function" && kind.prototype instanceof errors.UphillError) {
      const text = message.includes(place) ? message : `${place}: ${message}`;
      return Reflect.construct(kind, [text]) as Error;
    }
    return new StateError(`${this.doing} of ${place}: threw ${name}: ${message}`);
  }

  private lost(why: string): StateError {
    const environment = Atomics.load(this.control, CONTROL.environment);
    return new StateError(`${this.doing} of ${this.start.id}, environment ${environment}: ${why}`);
  }

  private get doing(): string {
    return DOING[this.control[CONTROL.command]] ?? DOING[COMMAND.start];
  }
}

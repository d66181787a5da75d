import type { MessagePort } from "node:worker_threads";
import type { JsonValue } from "../json.js";
import type { Space } from "../spaces/space.js";

/** Elements of a worker's control words, int32. */
export const CONTROL = {
  /** Number of the last command; the worker waits for it to change. */
  asked: 0,
  /** Number of the last command that was answered; the other side waits for it to change. */
  answered: 1,
  /** Which command: one of {@link COMMAND}. */
  command: 2,
  /** How it went: one of {@link STATUS}. */
  status: 3,
  /** Index of the environment that is being stepped or reset. */
  environment: 4,
  /** 1 where the answer is to be followed by a message, for those who do not wait. */
  message: 5,
} as const;

/** Number of control words of a worker. */
export const CONTROL_WORDS = 6;

/** What a worker is told to do, as the number in its control words. */
export const COMMAND = { start: 0, reset: 1, step: 2, save: 3, restore: 4, close: 5 } as const;

/** One of {@link COMMAND}. */
export type Command = (typeof COMMAND)[keyof typeof COMMAND];

/** `failed`: an error was thrown, which is on the port. `exited`: the thread is gone. */
export const STATUS = { done: 0, failed: 1, exited: 2 } as const;

/** What all workers share, row-major over all environments; each uses the rows that are its own. */
export interface SharedArrays {
  readonly actions: Int32Array | Float32Array;
  readonly observations: Float32Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  /** Which environments a command is for. */
  readonly rows: Uint8Array;
  /** Seeds of a reset, `NaN` where streams carry on. */
  readonly seeds: Float64Array;
}

/** What a worker is started with. */
export interface WorkerStart {
  readonly module: string;
  readonly exportName: string;
  /** The environments' name. */
  readonly id: string;
  /** Index of the worker's first environment. */
  readonly first: number;
  readonly count: number;
  readonly observationSpace: JsonValue;
  readonly actionSpace: JsonValue;
  readonly control: Int32Array;
  readonly arrays: SharedArrays;
  readonly port: MessagePort;
}

/** An error as it crosses from one thread to the other. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly environment: number;
}

/** Room in shared memory for N environments. */
export function sharedArrays(count: number, observationSize: number, actionSpace: Space): SharedArrays {
  const bytes = (length: number): SharedArrayBuffer => new SharedArrayBuffer(length);
  const actions = bytes(4 * count * actionSpace.size);
  return {
    actions: actionSpace.kind === "box" ? new Float32Array(actions) : new Int32Array(actions),
    observations: new Float32Array(bytes(4 * count * observationSize)),
    rewards: new Float64Array(bytes(8 * count)),
    terminated: new Uint8Array(bytes(count)),
    truncated: new Uint8Array(bytes(count)),
    rows: new Uint8Array(bytes(count)),
    seeds: new Float64Array(bytes(8 * count)),
  };
}

/** The rows [first, first + part) of arrays of `count` environments, as views. */
export function rowsOf(arrays: SharedArrays, count: number, first: number, part: number): SharedArrays {
  const view = <T extends Int32Array | Float32Array | Float64Array | Uint8Array>(array: T): T => {
    const width = array.length / count;
    return array.subarray(first * width, (first + part) * width) as T;
  };
  return {
    actions: view(arrays.actions),
    observations: view(arrays.observations),
    rewards: view(arrays.rewards),
    terminated: view(arrays.terminated),
    truncated: view(arrays.truncated),
    rows: view(arrays.rows),
    seeds: view(arrays.seeds),
  };
}

import type { Store } from "@uphill/autodiff";

/** Words of the control array, int32; after them each worker has one, the number of its updates. */
export const CONTROL = {
  /** Updates so far, of all workers; it wraps around. */
  version: 0,
  /** Steps of a worker's environments that are left to take. */
  left: 1,
  /** 1 where all are to stop. */
  stopped: 2,
  /** The first worker's updates. */
  updates: 3,
} as const;

/** What all workers share. */
export interface SharedMemory {
  readonly control: Int32Array;
  /** All variables of a worker's store, one after the other. */
  readonly values: Float32Array;
}

/** Memory for some workers and the variables of a store; one worker alone needs none that threads can share. */
export function sharedMemory(workers: number, store: Store): SharedMemory {
  const Buffer = workers === 1 ? ArrayBuffer : SharedArrayBuffer;
  const size = store.variables().reduce((sum, { initial }) => sum + initial.length, 0);
  return {
    control: new Int32Array(new Buffer(4 * (CONTROL.updates + workers))),
    values: new Float32Array(new Buffer(4 * size)),
  };
}

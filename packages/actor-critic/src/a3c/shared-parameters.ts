import type { Store, Variable } from "@uphill/autodiff";
import { CONTROL } from "./shared-memory.js";
import type { SharedMemory } from "./shared-memory.js";

/** A variable, its values in the shared memory, and what they were when this worker last read them. */
interface Place {
  readonly variable: Variable;
  readonly shared: Float32Array;
  readonly known: Float32Array;
}

/** Whose variables are shared. */
export interface SharedParametersOptions {
  /** Float32 variables alone, the same as every other worker's, in the same order. */
  readonly store: Store;
  /** What learns: every worker adds its changes. */
  readonly parameters: readonly Variable[];
  /** The optimiser's: each worker has its own, which begin each iteration as the first one's. The first decides on all others. */
  readonly averages: readonly Variable[];
  /** What `sharedMemory` made for such a store. */
  readonly memory: SharedMemory;
  /** This worker's index. */
  readonly worker: number;
}

/**
 * Parameters that all workers share, as one worker sees them: it learns on a copy, its store, and adds what it changed there
 * to what is shared.
 *
 * Everyone writes without a lock, number by number: where two write at the same time, one change may be lost in some
 * numbers, and a worker that dies halfway has added a part of its own. (Recht et al. 2011, "Hogwild!".)
 */
export class SharedParameters {
  readonly #control: Int32Array;
  readonly #store: Store;
  readonly #worker: number;
  readonly #places: readonly Place[];
  readonly #parameters: readonly Place[];
  readonly #others: readonly Place[];
  #versionRead = 0;

  constructor({ store, parameters, averages, memory, worker }: SharedParametersOptions) {
    this.#control = memory.control;
    this.#store = store;
    this.#worker = worker;
    let start = 0;
    this.#places = store.variables().map((variable) => {
      const { length } = variable.initial;
      start += length;
      return { variable, shared: memory.values.subarray(start - length, start), known: new Float32Array(length) };
    });
    this.#parameters = this.#places.filter(({ variable }) => parameters.includes(variable));
    this.#others = this.#places.filter(({ variable }) => !parameters.includes(variable) && !averages.includes(variable));
  }

  /** Begins an iteration: takes everything that is shared into the store. */
  read(): void {
    this.#versionRead = Atomics.load(this.#control, CONTROL.version);
    for (const { variable, shared, known } of this.#places) {
      known.set(shared);
      this.#store.view(variable).set(known);
    }
  }

  /** Ends an iteration for the first worker, when all others have: takes the parameters into the store, and shares the rest. */
  settle(): void {
    for (const { variable, shared } of this.#parameters) this.#store.view(variable).set(shared);
    this.publish();
  }

  /** Makes the store's values everyone's; while no other worker runs. */
  publish(): void {
    for (const { variable, shared } of this.#places) shared.set(this.#store.view(variable));
  }

  /**
   * Adds what changed in the store to what is shared, and takes the sum into the store.
   *
   * @returns How many updates of others came between the last reading and this one.
   */
  update(): number {
    const staleness = (Atomics.load(this.#control, CONTROL.version) - this.#versionRead) | 0;
    for (const { variable, shared, known } of this.#parameters) {
      addChange(this.#store.view(variable) as Float32Array, shared, known);
    }
    for (const { variable, shared } of this.#others) {
      if (this.#worker === 0) shared.set(this.#store.view(variable));
      else this.#store.view(variable).set(shared);
    }
    Atomics.add(this.#control, CONTROL.updates + this.#worker, 1);
    this.#versionRead = (Atomics.add(this.#control, CONTROL.version, 1) + 1) | 0;
    return staleness;
  }
}

/** `shared` ← `shared` + `own` − `known`, which `own` and `known` then are too. */
function addChange(own: Float32Array, shared: Float32Array, known: Float32Array): void {
  for (let i = 0; i < own.length; i++) shared[i] += own[i] - known[i];
  known.set(shared);
  own.set(known);
}

import type { Explanation } from "./explanation.js";
import type { Store } from "./store.js";
import type { Bindings } from "./shape.js";
import type { Tensor } from "./tensor.js";
import type { Update } from "./update.js";

/** Numbers that a program takes or gives: float32 or int32; float64 from the reference interpreter. */
export type NumericArray = Float32Array | Float64Array | Int32Array;

/** A checked program, as a backend receives it. */
export interface Graph {
  /** The inputs, by the names that feeds use. */
  readonly inputs: ReadonlyMap<string, Tensor>;
  /** The outputs, by name. */
  readonly outputs: ReadonlyMap<string, Tensor>;
  /** What the run changes, once all is computed. */
  readonly updates: readonly Update[];
  /** Everything that outputs, updates and guards need, each after its inputs. */
  readonly order: readonly Tensor[];
}

/**
 * A program that a backend has prepared to run.
 *
 * @typeParam Applied - What a run gives: a boolean at once, or a promise of it.
 */
export interface Executable<Applied = boolean> {
  /**
   * Computes the outputs from values checked against `bindings`, then applies the updates. What is fed is read before it
   * returns, be it a promise. What {@link inputMemory} gave may be fed as it is.
   *
   * @returns Whether the updates were applied: false where a guard was not finite.
   */
  execute(feeds: ReadonlyMap<Tensor, number | ArrayLike<number>>, bindings: Bindings): Applied;
  /** An output of the last run, valid until the next. */
  view(output: string): NumericArray;
  /**
   * Where a run at these lengths reads an input: what is written there needs no copy when it is fed. Growth of the memory
   * detaches it, so take it anew for every run. Undefined where nothing reads the input.
   */
  inputMemory?(tensor: Tensor, bindings: Bindings): NumericArray | undefined;
  /**
   * What the program runs, as {@link explain} shows it, measured on the last feeds.
   *
   * @param rounds - How often each step is timed.
   */
  explain?(rounds: number): Explanation;
}

/** What runs programs at once: the executors of this package, and those that other packages supply. */
export interface Backend {
  /** Its name, for messages. */
  readonly name: string;
  readonly isAsynchronous?: false;
  /** Prepares a program whose variables the store has adopted. */
  prepare(graph: Graph, store: Store): Executable;
}

/** What runs programs that must be awaited: wide updates at native speed. */
export interface AsyncBackend {
  /** Its name, for messages. */
  readonly name: string;
  readonly isAsynchronous: true;
  /** Prepares a program whose variables the store has adopted. */
  prepare(graph: Graph, store: Store): Executable<Promise<boolean>>;
}

/** What runs programs, at once or to be awaited: what an algorithm takes for its updates. */
export type AnyBackend = Backend | AsyncBackend;

/** The roots of a program: all that it must compute. */
export function rootsOf(outputs: Iterable<Tensor>, updates: readonly Update[]): Tensor[] {
  return [
    ...outputs,
    ...updates.flatMap(({ value, onlyIfFinite }) => (onlyIfFinite === undefined ? [value] : [value, onlyIfFinite])),
  ];
}

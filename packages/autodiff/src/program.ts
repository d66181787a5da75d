import { OptionError } from "@uphill/core-math";
import { rootsOf } from "./backend.js";
import type { Backend, Executable, NumericArray } from "./backend.js";
import type { Explanation } from "./explanation.js";
import { webAssembly } from "./executors/webassembly/executor.js";
import { FeedReader } from "./feeds.js";
import type { Feed } from "./feeds.js";
import { topologicalOrder } from "./graph.js";
import { Variable } from "./leaves.js";
import { Store } from "./store.js";
import { Tensor } from "./tensor.js";
import type { Update } from "./update.js";

const defaultBackend = webAssembly();

/** Tensors by name. */
export type TensorRecord = Readonly<Record<string, Tensor>>;

/** What {@link compile} makes a program from. */
export interface ProgramOptions<Inputs extends TensorRecord, Outputs extends TensorRecord> {
  /** What each run is fed. */
  readonly inputs: Inputs;
  /** What each run gives back. An output that names a variable is its value before the run. */
  readonly outputs?: Outputs;
  /** What each run changes, all at once: `[assign(a, b), assign(b, a)]` swaps. */
  readonly updates?: readonly Update[];
  /** Owner of the variables; a store of its own by default. */
  readonly store?: Store;
  /** What runs the program; by default the store's backend, or the WebAssembly executor. */
  readonly backend?: Backend;
}

/**
 * Makes a runnable program of expressions: forward pass, gradient and optimiser in one call.
 *
 * Variables that the store does not hold yet enter it with their initial values.
 *
 * @throws OptionError for an input that is not listed, two updates of one variable, or two variables of one name.
 */
export function compile<Inputs extends TensorRecord, Outputs extends TensorRecord = Readonly<Record<never, Tensor>>>(
  options: ProgramOptions<Inputs, Outputs>,
): Program<Inputs, Outputs> {
  const { updates = [], store = new Store() } = options;
  const backend = options.backend ?? store.backend ?? defaultBackend;
  const inputs = recordToMap("inputs", options.inputs);
  const outputs = recordToMap("outputs", options.outputs ?? {});
  rejectDuplicates(updates);
  const order = topologicalOrder(rootsOf(outputs.values(), updates));
  const listed = new Set(inputs.values());
  for (const tensor of inputs.values()) {
    if (tensor.primitive !== "input") {
      throw new OptionError(`inputs: expected tensors made by input(), got a ${tensor.primitive}`);
    }
  }
  for (const tensor of order) {
    if (tensor.primitive === "input" && !listed.has(tensor)) {
      throw new OptionError(`inputs: expected every input that the program reads, got none for "${tensor.name}"`);
    }
    if (tensor instanceof Variable) store.adopt(tensor);
  }
  for (const { variable } of updates) store.adopt(variable);
  const executable = backend.prepare({ inputs, outputs, updates, order }, store);
  return new Program(inputs, outputs, store, executable);
}

/** A compiled program. Made by {@link compile}. */
export class Program<Inputs extends TensorRecord = TensorRecord, Outputs extends TensorRecord = TensorRecord> {
  readonly #outputs: ReadonlyMap<string, Tensor>;
  readonly #executable: Executable;
  readonly #feeds: FeedReader;
  #applied = false;
  #ran = false;

  /** @internal */
  constructor(
    inputs: ReadonlyMap<string, Tensor>,
    outputs: ReadonlyMap<string, Tensor>,
    /** The owner of this program's variables. */
    readonly store: Store,
    executable: Executable,
  ) {
    this.#outputs = outputs;
    this.#executable = executable;
    this.#feeds = new FeedReader(inputs);
  }

  /** Whether the last run applied its updates; false where a guard was NaN or infinite, or none has run. */
  get updatesApplied(): boolean {
    return this.#applied;
  }

  /**
   * Runs the program once.
   *
   * @param feeds - A value for each input: a number, or numbers in row-major order.
   * @returns The outputs by name: scalars as numbers, others as arrays of their own.
   * @throws OptionError or ShapeError for feeds that do not fit, or an index out of range; then no variable has changed.
   */
  run(feeds: { readonly [K in keyof Inputs]: Feed }): { [K in keyof Outputs]: number | NumericArray } {
    this.execute(feeds);
    const results: Record<string, number | NumericArray> = {};
    for (const [name, tensor] of this.#outputs) {
      results[name] = tensor.shape.length === 0 ? this.scalar(name) : this.view(name).slice();
    }
    return results as { [K in keyof Outputs]: number | NumericArray };
  }

  /** Runs the program once and copies nothing: read the outputs by {@link scalar} and {@link view}. Throws as {@link run}. */
  execute(feeds: { readonly [K in keyof Inputs]: Feed }): void {
    this.#ran = false;
    this.#applied = false;
    const values = this.#feeds.read(feeds);
    this.#applied = this.#executable.execute(values, this.#feeds.bindings);
    this.#ran = true;
  }

  /** @internal Use {@link explain}. */
  explain(rounds: number): Explanation {
    if (this.#executable.explain === undefined) {
      throw new OptionError("explain: expected a program of a backend that plans its steps, got one that does not");
    }
    return this.#executable.explain(rounds);
  }

  /** A scalar output of the last run. @throws OptionError if there is no such scalar, or no finished run. */
  scalar(name: keyof Outputs & string): number {
    const view = this.view(name);
    if (this.#outputs.get(name)!.shape.length !== 0) {
      throw new OptionError(`output "${name}": expected a scalar, got an array of ${view.length} (read it by view())`);
    }
    return view[0];
  }

  /** An output of the last run, row-major, valid until the next run. @throws OptionError as {@link scalar}. */
  view(name: keyof Outputs & string): NumericArray {
    if (!this.#outputs.has(name)) {
      throw new OptionError(`output "${name}": expected one of ${[...this.#outputs.keys()].join(", ") || "none"}`);
    }
    if (!this.#ran) throw new OptionError(`output "${name}": expected a finished run before it is read, got none`);
    return this.#executable.view(name);
  }
}

function recordToMap(argument: string, record: TensorRecord): ReadonlyMap<string, Tensor> {
  for (const [name, tensor] of Object.entries(record)) {
    if (!(tensor instanceof Tensor)) throw new OptionError(`${argument}.${name}: expected a tensor, got ${typeof tensor}`);
  }
  return new Map(Object.entries(record));
}

function rejectDuplicates(updates: readonly Update[]): void {
  const seen = new Set<Variable>();
  for (const { variable } of updates) {
    if (seen.has(variable)) {
      throw new OptionError(`updates: expected one update a variable, got two of "${variable.name}"`);
    }
    seen.add(variable);
  }
}

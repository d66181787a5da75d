import { OptionError, StateError } from "@uphill/core-math";
import type { Executable, Graph, NumericArray } from "./backend.js";
import type { Explanation } from "./explanation.js";
import { FeedReader } from "./feeds.js";
import type { Feed } from "./feeds.js";
import type { Store } from "./store.js";
import type { Tensor } from "./tensor.js";

/** Tensors by name. */
export type TensorRecord = Readonly<Record<string, Tensor>>;

/** A value for each input: a number, or numbers in row-major order. */
export type Feeds<Inputs extends TensorRecord> = { readonly [K in keyof Inputs]: Feed };

/** What each output was: a number for a scalar, else the elements in row-major order. */
export type Results<Outputs extends TensorRecord> = { [K in keyof Outputs]: number | NumericArray };

/** What programs share that run at once and those that are awaited. */
abstract class CompiledProgram<Inputs extends TensorRecord, Outputs extends TensorRecord, Applied> {
  readonly #inputs: ReadonlyMap<string, Tensor>;
  readonly #outputs: ReadonlyMap<string, Tensor>;
  readonly #executable: Executable<Applied>;
  readonly #feeds: FeedReader;
  #applied = false;
  #ran = false;
  /** Whether it ever ran, and so knows the lengths of its inputs. */
  #hasRun = false;

  /** @internal */
  constructor(
    { inputs, outputs }: Graph,
    /** The owner of this program's variables. */
    readonly store: Store,
    executable: Executable<Applied>,
  ) {
    this.#inputs = inputs;
    this.#outputs = outputs;
    this.#executable = executable;
    this.#feeds = new FeedReader(inputs);
  }

  /** Whether the last run applied its updates; false where a guard was NaN or infinite, or none has run. */
  get updatesApplied(): boolean {
    return this.#applied;
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

  /**
   * Where runs read an input, at the lengths of the last one: what is written there and fed as it is needs no copy.
   * Growth of the store's memory detaches it, so take it anew whenever it is written or fed; what it holds stays.
   *
   * @throws OptionError if there is no such input, no run yet, or the backend has no memory of inputs.
   */
  inputView(name: keyof Inputs & string): NumericArray {
    const memory = this.inputMemory(name);
    if (memory !== undefined) return memory;
    throw new OptionError(`input "${name}": expected an input that is read, on a backend that plans its memory, got another`);
  }

  /** @internal {@link inputView}, or undefined where there is no such memory. */
  inputMemory(name: keyof Inputs & string): NumericArray | undefined {
    const tensor = this.#inputs.get(name);
    if (tensor === undefined) {
      throw new OptionError(`input "${name}": expected one of ${[...this.#inputs.keys()].join(", ") || "none"}`);
    }
    if (!this.#hasRun) throw new OptionError(`input "${name}": expected a run before its memory is asked for, got none`);
    return this.#executable.inputMemory?.(tensor, this.#feeds.bindings);
  }

  /** @internal Use {@link explain}. */
  explain(rounds: number): Explanation {
    if (this.#executable.explain === undefined) {
      throw new OptionError("explain: expected a program of a backend that plans its steps, got one that does not");
    }
    return this.#executable.explain(rounds);
  }

  protected start(feeds: Feeds<Inputs>): Applied {
    this.#ran = false;
    this.#applied = false;
    const values = this.#feeds.read(feeds);
    return this.#executable.execute(values, this.#feeds.bindings);
  }

  protected finish(applied: boolean): void {
    this.#applied = applied;
    this.#ran = true;
    this.#hasRun = true;
  }

  /** The outputs of the last run: scalars as numbers, others as arrays of their own. */
  protected results(): Results<Outputs> {
    const results: Record<string, number | NumericArray> = {};
    for (const [name, tensor] of this.#outputs) {
      results[name] = tensor.shape.length === 0 ? this.scalar(name) : this.view(name).slice();
    }
    return results as Results<Outputs>;
  }
}

/** A compiled program that runs at once. Made by {@link compile}. */
export class Program<
  Inputs extends TensorRecord = TensorRecord,
  Outputs extends TensorRecord = TensorRecord,
> extends CompiledProgram<Inputs, Outputs, boolean> {
  /**
   * Runs the program once.
   *
   * @param feeds - A value for each input: a number, or numbers in row-major order.
   * @returns The outputs by name: scalars as numbers, others as arrays of their own.
   * @throws OptionError or ShapeError for feeds that do not fit, or an index out of range; then no variable has changed.
   */
  run(feeds: Feeds<Inputs>): Results<Outputs> {
    this.execute(feeds);
    return this.results();
  }

  /** Runs the program once and copies nothing: read the outputs by {@link scalar} and {@link view}. Throws as {@link run}. */
  execute(feeds: Feeds<Inputs>): void {
    this.finish(this.start(feeds));
  }
}

/** A compiled program that is awaited: of a backend that runs asynchronously. Made by {@link compile}. */
export class AsyncProgram<
  Inputs extends TensorRecord = TensorRecord,
  Outputs extends TensorRecord = TensorRecord,
> extends CompiledProgram<Inputs, Outputs, Promise<boolean>> {
  #isRunning = false;

  /** As {@link Program.run}, in a promise. @throws StateError, too, where a run has not finished. */
  async run(feeds: Feeds<Inputs>): Promise<Results<Outputs>> {
    await this.execute(feeds);
    return this.results();
  }

  /**
   * As {@link Program.execute}, in a promise. What is fed is read before this returns. All variables change at once when
   * the run ends; until then the store's are as they were, and nobody may write those that the program uses.
   *
   * @throws StateError, too, where a run has not finished.
   */
  async execute(feeds: Feeds<Inputs>): Promise<void> {
    if (this.#isRunning) throw new StateError("program: expected one run at a time, got a second one before the first has ended");
    this.#isRunning = true;
    try {
      this.finish(await this.start(feeds));
    } finally {
      this.#isRunning = false;
    }
  }
}

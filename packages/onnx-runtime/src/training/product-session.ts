import { concreteShape } from "@uphill/autodiff";
import type { Bindings, Tensor } from "@uphill/autodiff";
import { StateError } from "@uphill/core-math";
import { encodeGraph } from "../graph/encode-graph.js";
import { lower } from "../lowering/lower.js";
import { fasterMasks } from "./faster-masks.js";
import type { SplitProgram } from "./split-program.js";
import type { TrainingRuntime, TrainingSession, TrainingTensor } from "./training-runtime.js";

/** Numbers where a run reads or writes them. */
export type Numbers = Float32Array | Int32Array;

/** The memory of runs at certain lengths: where each source is read and each result written, by their names. */
export interface ProductMemory {
  readonly bindings: Bindings;
  readonly sources: ReadonlyMap<string, Numbers>;
  readonly results: ReadonlyMap<string, Numbers>;
}

/** What computes the first part of a program, from memory to memory. */
export interface Products {
  run(memory: ProductMemory): Promise<void>;
}

type Tensors = Readonly<Record<string, TrainingTensor>>;

/** The first part of a program on ONNX Runtime: reads and writes memory that others own, without copies. */
export class ProductSession implements Products {
  readonly #runtime: TrainingRuntime;
  readonly #split: SplitProgram;
  readonly #threads: number;
  readonly #bytes: Uint8Array;
  #session: TrainingSession | undefined;
  #bound: { readonly memory: ProductMemory; readonly feeds: Tensors; readonly fetches: Tensors } | undefined;

  /** @throws OptionError for what ONNX has no operators for, such as a host operation that a product needs. */
  constructor(runtime: TrainingRuntime, split: SplitProgram, threads: number) {
    this.#runtime = runtime;
    this.#split = split;
    this.#threads = threads;
    const { inputs, outputs } = lower(split.products);
    this.#bytes = encodeGraph({ name: "products", inputs, outputs: fasterMasks(outputs) });
  }

  /**
   * Computes the results, if there are any. The graph is built at the first run; one graph serves all lengths.
   *
   * @throws StateError where ONNX Runtime fails.
   */
  async run(memory: ProductMemory): Promise<void> {
    if (this.#split.results.size === 0) return;
    if (this.#bound?.memory !== memory) {
      const { sources, results } = this.#split;
      const feeds = this.#tensors(sources, memory.sources, memory.bindings);
      const fetches = this.#tensors(results, memory.results, memory.bindings);
      this.#bound = { memory, feeds, fetches };
    }
    const { feeds, fetches } = this.#bound;
    try {
      this.#session ??= await this.#open();
      await this.#session.run(feeds, fetches);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new StateError(`onnxRuntime: expected the program to run, got ${reason.split("\n", 1)[0]}`, { cause });
    }
  }

  #open(): Promise<TrainingSession> {
    return this.#runtime.InferenceSession.create(this.#bytes, {
      intraOpNumThreads: this.#threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      graphOptimizationLevel: "all",
      // What goes wrong is thrown.
      logSeverityLevel: 4,
    });
  }

  #tensors(tensors: ReadonlyMap<string, Tensor>, memory: ReadonlyMap<string, Numbers>, bindings: Bindings): Tensors {
    const { Tensor: Made } = this.#runtime;
    const made: Record<string, TrainingTensor> = {};
    for (const [name, { shape }] of tensors) {
      const [data, dims] = [memory.get(name)!, concreteShape(shape, bindings)];
      made[name] = data instanceof Int32Array ? new Made("int32", data, dims) : new Made("float32", data, dims);
    }
    return made;
  }
}

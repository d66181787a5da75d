import { expectation, OptionError } from "@uphill/core-math";
import { rootsOf } from "./backend.js";
import type { AnyBackend, AsyncBackend, Backend } from "./backend.js";
import { webAssembly } from "./executors/webassembly/executor.js";
import { topologicalOrder } from "./graph.js";
import { Variable } from "./leaves.js";
import { AsyncProgram, Program } from "./program.js";
import type { TensorRecord } from "./program.js";
import { Store } from "./store.js";
import { Tensor } from "./tensor.js";
import type { Update } from "./update.js";

const defaultBackend = webAssembly();

/** What {@link compile} makes for a backend: a program that runs at once, or one that is awaited. */
export type ProgramOn<
  B extends AnyBackend,
  Inputs extends TensorRecord = TensorRecord,
  Outputs extends TensorRecord = TensorRecord,
> = B extends AsyncBackend ? AsyncProgram<Inputs, Outputs> : Program<Inputs, Outputs>;

/**
 * What {@link compile} makes a program from.
 *
 * @typeParam B - What runs it.
 */
export interface ProgramOptions<
  Inputs extends TensorRecord,
  Outputs extends TensorRecord,
  B extends AnyBackend = Backend,
> {
  /** What each run is fed. */
  readonly inputs: Inputs;
  /** What each run gives back. An output that names a variable is its value before the run. */
  readonly outputs?: Outputs;
  /** What each run changes, all at once: `[assign(a, b), assign(b, a)]` swaps. */
  readonly updates?: readonly Update[];
  /** Owner of the variables; a store of its own by default. */
  readonly store?: Store;
  /** What runs the program; by default the store's backend, or the WebAssembly executor. */
  readonly backend?: B | undefined;
}

/**
 * Makes a runnable program of expressions: forward pass, gradient and optimiser in one call.
 *
 * Variables that the store does not hold yet enter it with their initial values. A backend that is asynchronous makes an
 * {@link AsyncProgram}, whose runs are awaited; `await` serves for both kinds.
 *
 * @throws OptionError for an input that is not listed, two updates of one variable, or two variables of one name.
 */
export function compile<
  Inputs extends TensorRecord,
  Outputs extends TensorRecord = Readonly<Record<never, Tensor>>,
  B extends AnyBackend = Backend,
>(options: ProgramOptions<Inputs, Outputs, B>): ProgramOn<B, Inputs, Outputs> {
  const { updates = [], store = new Store() } = options;
  const backend: AnyBackend = options.backend ?? store.backend ?? defaultBackend;
  if (typeof backend.prepare !== "function") {
    throw new OptionError(expectation("backend", "a backend such as webAssembly() gives", backend));
  }
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
  const graph = { inputs, outputs, updates, order };
  const program = backend.isAsynchronous
    ? new AsyncProgram<Inputs, Outputs>(graph, store, backend.prepare(graph, store))
    : new Program<Inputs, Outputs>(graph, store, backend.prepare(graph, store));
  return program as ProgramOn<B, Inputs, Outputs>;
}

/** Tensors by name, checked to be such. */
export function recordToMap(argument: string, record: TensorRecord): ReadonlyMap<string, Tensor> {
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

import type { Backend, Executable, Graph, NumericArray } from "../../backend.js";
import { concreteShape, elementCount } from "../../shape.js";
import type { Bindings } from "../../shape.js";
import type { Store } from "../../store.js";
import type { Tensor } from "../../tensor.js";
import { growMemory, planProgram } from "./plan.js";
import type { Plan } from "./plan.js";

/**
 * The default executor: one loop over preallocated typed arrays for each primitive, in plain JavaScript.
 *
 * Every intermediate is rounded to float32; sums and products accumulate in float64. The same program on the
 * same feeds gives the same bits in every engine. A run at the sizes of the run before allocates nothing.
 */
export const float32: Backend = {
  name: "float32",
  prepare: (graph, store) => new Float32Program(graph, store),
};

class Float32Program implements Executable {
  readonly #graph: Graph;
  readonly #store: Store;
  readonly #plan: Plan;
  readonly #lengths = new Map<Tensor, number>();
  #bindings: Bindings | undefined;

  constructor(graph: Graph, store: Store) {
    this.#graph = graph;
    this.#store = store;
    this.#plan = planProgram(graph, store);
  }

  execute(feeds: ReadonlyMap<Tensor, number | ArrayLike<number>>, bindings: Bindings): boolean {
    if (bindings !== this.#bindings) this.#bind(bindings);
    for (const [tensor, slot] of this.#plan.inputs) slot.data = fed(slot.data, feeds.get(tensor)!);
    for (const [variable, slot] of this.#plan.variables) slot.data = this.#store.view(variable);
    for (const kernel of this.#plan.kernels) kernel.run();
    if (!this.#guardsAreFinite()) return false;
    for (const { variable, value } of this.#graph.updates) {
      const [target, source] = [this.#store.view(variable), this.#plan.results.get(value)!.data];
      for (let i = 0; i < target.length; i++) target[i] = source[i];
    }
    return true;
  }

  view(output: string): NumericArray {
    const tensor = this.#graph.outputs.get(output)!;
    return this.#plan.results.get(tensor)!.data.subarray(0, this.#lengths.get(tensor));
  }

  #bind(bindings: Bindings): void {
    this.#bindings = undefined;
    growMemory(this.#plan.shared, bindings);
    for (const kernel of this.#plan.kernels) kernel.bind(bindings);
    for (const tensor of this.#plan.results.keys()) {
      this.#lengths.set(tensor, elementCount(concreteShape(tensor.shape, bindings)));
    }
    this.#bindings = bindings;
  }

  #guardsAreFinite(): boolean {
    for (const { onlyIfFinite } of this.#graph.updates) {
      if (onlyIfFinite === undefined) continue;
      const { data } = this.#plan.results.get(onlyIfFinite)!;
      const length = this.#lengths.get(onlyIfFinite)!;
      for (let i = 0; i < length; i++) if (!Number.isFinite(data[i])) return false;
    }
    return true;
  }
}

/** What was fed, as the input's memory: the caller's own array where its type fits, else a copy. */
function fed(memory: Float32Array | Int32Array, value: number | ArrayLike<number>): Float32Array | Int32Array {
  if (typeof value !== "number" && value.constructor === memory.constructor) return value as typeof memory;
  const length = typeof value === "number" ? 1 : value.length;
  // Memory of the last run may be the caller's array: never write to it.
  const target = memory instanceof Int32Array ? new Int32Array(length) : new Float32Array(length);
  if (typeof value === "number") target[0] = value;
  else target.set(value);
  return target;
}

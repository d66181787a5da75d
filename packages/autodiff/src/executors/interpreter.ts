import type { Backend, Executable, Graph, NumericArray } from "../backend.js";
import { Variable } from "../leaves.js";
import type { Values } from "../primitives/primitive.js";
import { primitiveRow } from "../primitives/table.js";
import { concreteShape, elementCount } from "../shape.js";
import type { Bindings } from "../shape.js";
import type { Store } from "../store.js";
import type { Tensor } from "../tensor.js";

/**
 * The reference: walks the expressions and computes each primitive's `evaluate` in float64.
 *
 * It is the truth that the other executors are tested against. Each value has memory of its own, which runs at the same
 * lengths use again. Variables keep the precision of their store.
 */
export const interpreter: Backend = {
  name: "interpreter",
  prepare: (graph, store) => new Interpretation(graph, store),
};

/** An expression with where its value and those that it is made from are, at the lengths of the moment. */
interface Place {
  readonly tensor: Tensor;
  readonly inputs: readonly Values[];
  readonly out: Values;
}

class Interpretation implements Executable {
  readonly #graph: Graph;
  readonly #store: Store;
  #bindings: Bindings | undefined;
  #places: readonly Place[] = [];
  #values: ReadonlyMap<Tensor, Values> = new Map();

  constructor(graph: Graph, store: Store) {
    this.#graph = graph;
    this.#store = store;
  }

  execute(feeds: ReadonlyMap<Tensor, number | ArrayLike<number>>, bindings: Bindings): boolean {
    if (bindings !== this.#bindings) this.#layOut(bindings);
    for (const { tensor, inputs, out } of this.#places) {
      const given = tensor instanceof Variable ? this.#store.view(tensor) : feeds.get(tensor);
      if (typeof given === "number") out.data[0] = given;
      else if (given !== undefined) out.data.set(given);
      else {
        out.data.fill(0);
        primitiveRow(tensor.primitive).evaluate(inputs, tensor.attributes, out, bindings);
      }
    }
    const { updates } = this.#graph;
    const finite = updates.every(
      ({ onlyIfFinite }) => onlyIfFinite === undefined || this.#values.get(onlyIfFinite)!.data.every(Number.isFinite),
    );
    if (finite) for (const { variable, value } of updates) this.#store.write(variable, this.#values.get(value)!.data);
    return finite;
  }

  view(output: string): NumericArray {
    return this.#values.get(this.#graph.outputs.get(output)!)!.data;
  }

  #layOut(bindings: Bindings): void {
    const values = new Map<Tensor, Values>();
    this.#places = this.#graph.order.map((tensor) => {
      const shape = concreteShape(tensor.shape, bindings);
      const length = elementCount(shape);
      const out: Values = { data: tensor.dtype === "int32" ? new Int32Array(length) : new Float64Array(length), shape };
      values.set(tensor, out);
      return { tensor, inputs: tensor.inputs.map((source) => values.get(source)!), out };
    });
    this.#values = values;
    this.#bindings = bindings;
  }
}

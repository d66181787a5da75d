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
 * It is the truth that the other executors are tested against. It allocates at every step.
 * Variables keep the precision of their store.
 */
export const interpreter: Backend = {
  name: "interpreter",
  prepare: (graph, store) => new Interpretation(graph, store),
};

class Interpretation implements Executable {
  readonly #graph: Graph;
  readonly #store: Store;
  #outputs = new Map<string, NumericArray>();

  constructor(graph: Graph, store: Store) {
    this.#graph = graph;
    this.#store = store;
  }

  execute(feeds: ReadonlyMap<Tensor, number | ArrayLike<number>>, bindings: Bindings): boolean {
    const values = new Map<Tensor, Values>();
    for (const tensor of this.#graph.order) {
      const shape = concreteShape(tensor.shape, bindings);
      const length = elementCount(shape);
      const out: Values = { data: tensor.dtype === "int32" ? new Int32Array(length) : new Float64Array(length), shape };
      const given = tensor instanceof Variable ? this.#store.view(tensor) : feeds.get(tensor);
      if (typeof given === "number") out.data[0] = given;
      else if (given !== undefined) out.data.set(given);
      else {
        const inputs = tensor.inputs.map((source) => values.get(source)!);
        primitiveRow(tensor.primitive).evaluate(inputs, tensor.attributes, out, bindings);
      }
      values.set(tensor, out);
    }
    this.#outputs = new Map([...this.#graph.outputs].map(([name, tensor]) => [name, values.get(tensor)!.data]));
    const { updates } = this.#graph;
    const finite = updates.every(
      ({ onlyIfFinite }) => onlyIfFinite === undefined || values.get(onlyIfFinite)!.data.every(Number.isFinite),
    );
    if (finite) for (const { variable, value } of updates) this.#store.write(variable, values.get(value)!.data);
    return finite;
  }

  view(output: string): NumericArray {
    return this.#outputs.get(output)!;
  }
}

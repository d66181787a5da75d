import { concreteShape, elementCount, webAssembly } from "@uphill/autodiff";
import type { AnyBackend, Backend, Graph, Store } from "@uphill/autodiff";
import { normals } from "../harness/normals.js";

/** Runs a program once on the feeds that it was made with. */
export type Run = () => boolean | Promise<boolean>;

/** The programs that an agent runs on the backend it is given, such as its updates. */
export class CapturedPrograms {
  readonly #graphs: Graph[] = [];
  #store: Store | undefined;

  /** @param make - Makes the agent on a backend. */
  constructor(make: (backend: Backend) => void) {
    make({
      name: "capture",
      prepare: (graph, store) => {
        this.#graphs.push(graph);
        this.#store = store;
        return webAssembly().prepare(graph, store);
      },
    });
  }

  /**
   * The programs, in the order in which the agent compiled them, on a copy of its store.
   *
   * @param backend - What runs them.
   * @param batch - Length of `"batch"`.
   */
  on(backend: AnyBackend, batch: number): { readonly runs: readonly Run[]; readonly store: Store } {
    const store = this.#store!.copy();
    const bindings = new Map([["batch", batch]]);
    const runs = this.#graphs.map((graph) => {
      const executable = backend.prepare(graph, store);
      const feeds = new Map([...graph.inputs].map(([name, tensor], k) => {
        const length = elementCount(concreteShape(tensor.shape, bindings));
        return [tensor, feedOf(name, length, k)];
      }));
      return () => executable.execute(feeds, bindings);
    });
    return { runs, store };
  }
}

/** Small rates, discounts of 0.99, and normal numbers for the rest. */
function feedOf(name: string, length: number, seed: number): Float32Array {
  if (name.endsWith("Rate")) return new Float32Array(length).fill(3e-4);
  return name === "discount" ? new Float32Array(length).fill(0.99) : normals(seed, length);
}

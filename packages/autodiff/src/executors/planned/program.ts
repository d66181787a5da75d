import type { Executable, Graph, NumericArray } from "../../backend.js";
import { concreteShape, elementCount } from "../../shape.js";
import type { Bindings } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import type { Plan } from "./plan.js";

/** Runs a plan: feeds, kernels in order, and then what changes the variables, if no guard forbids it. */
export class PlannedProgram implements Executable {
  readonly #graph: Graph;
  readonly #plan: Plan;
  readonly #lengths = new Map<Tensor, number>();
  #bindings: Bindings | undefined;

  constructor(graph: Graph, plan: Plan) {
    this.#graph = graph;
    this.#plan = plan;
  }

  execute(feeds: ReadonlyMap<Tensor, number | ArrayLike<number>>, bindings: Bindings): boolean {
    if (bindings !== this.#bindings) this.#bind(bindings);
    for (const [tensor, slot] of this.#plan.inputs) slot.feed(feeds.get(tensor)!);
    for (const kernel of this.#plan.kernels) kernel.run();
    if (!this.#guardsAreFinite()) return false;
    for (const kernel of this.#plan.commits) kernel.run();
    return true;
  }

  view(output: string): NumericArray {
    const tensor = this.#graph.outputs.get(output)!;
    return this.#plan.results.get(tensor)!.data.subarray(0, this.#lengths.get(tensor));
  }

  #bind(bindings: Bindings): void {
    this.#bindings = undefined;
    this.#plan.reserve(bindings);
    for (const kernel of [...this.#plan.kernels, ...this.#plan.commits]) kernel.bind(bindings);
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

import { StateError } from "@uphill/core-math";
import type { Executable, Graph, NumericArray } from "../../backend.js";
import { Explanation } from "../../explanation.js";
import { concreteShape, elementCount } from "../../shape.js";
import type { Bindings } from "../../shape.js";
import type { Store } from "../../store.js";
import type { Tensor } from "../../tensor.js";
import { bytesOfVariables, explainStep, timesOfUs } from "./explain-steps.js";
import type { Kernel, Slot } from "./kernel.js";
import type { Plan, PlannedStep } from "./plan.js";

const none: ReadonlySet<Tensor> = new Set();

/** Runs a plan: feeds, kernels in order, and then what changes the variables, if no guard forbids it. */
export class PlannedProgram implements Executable {
  readonly #graph: Graph;
  readonly #store: Store;
  readonly #plan: Plan;
  readonly #kernels: readonly Kernel[];
  readonly #commits: readonly Kernel[];
  readonly #lengths = new Map<Tensor, number>();
  #bindings: Bindings | undefined;

  /** @param joined - The kernels of the plan's steps and commits as they run; one by one by default. */
  constructor(graph: Graph, store: Store, plan: Plan, joined?: readonly [readonly Kernel[], readonly Kernel[]]) {
    this.#graph = graph;
    this.#store = store;
    this.#plan = plan;
    [this.#kernels, this.#commits] = joined ?? [kernelsOf(plan.steps), kernelsOf(plan.commits)];
  }

  execute(feeds: ReadonlyMap<Tensor, number | ArrayLike<number>>, bindings: Bindings): boolean {
    const inPlace = this.#inPlace(feeds, bindings);
    this.#bind(bindings);
    for (const [tensor, slot] of this.#plan.inputs) if (!inPlace.has(tensor)) slot.feed(feeds.get(tensor)!);
    for (const kernel of this.#kernels) kernel.run();
    if (!this.#guardsAreFinite()) return false;
    for (const kernel of this.#commits) kernel.run();
    return true;
  }

  view(output: string): NumericArray {
    const tensor = this.#graph.outputs.get(output)!;
    return firstOf(this.#plan.results.get(tensor)!, this.#lengths.get(tensor)!);
  }

  inputMemory(tensor: Tensor, bindings: Bindings): NumericArray | undefined {
    this.#bind(bindings);
    const slot = this.#plan.inputs.get(tensor);
    return slot && firstOf(slot, this.#lengths.get(tensor)!);
  }

  explain(rounds: number): Explanation {
    if (this.#bindings === undefined) throw new StateError("explain: expected a program that has run, got one that has not");
    const { steps, commits } = this.#plan;
    const before = this.#store.copy();
    const times = timesOfUs([...steps, ...commits].map(({ kernel }) => kernel), rounds);
    this.#store.assign(before);
    const bindings = this.#bindings;
    const rows = [...steps, ...commits].map((planned, index) => explainStep(planned, bindings, times[index]));
    return new Explanation(rows, { ...this.#plan.bytes(), variables: bytesOfVariables(this.#graph) });
  }

  /** Inputs whose feeds lie where they are read, where room for other lengths is still to be made. */
  #inPlace(feeds: ReadonlyMap<Tensor, number | ArrayLike<number>>, bindings: Bindings): ReadonlySet<Tensor> {
    const isRoomThere = bindings === this.#bindings;
    if (isRoomThere) return none;
    return new Set([...this.#plan.inputs].flatMap(([tensor, slot]) => (slot.holds(feeds.get(tensor)!) ? [tensor] : [])));
  }

  #bind(bindings: Bindings): void {
    if (bindings === this.#bindings) return;
    this.#bindings = undefined;
    this.#plan.reserve(bindings);
    for (const kernel of [...this.#kernels, ...this.#commits]) kernel.bind(bindings);
    for (const tensor of [...this.#plan.results.keys(), ...this.#plan.inputs.keys()]) {
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

/** What a slot holds of a tensor of some length. */
function firstOf({ data }: Slot, length: number): Float32Array | Int32Array {
  return data.length === length ? data : data.subarray(0, length);
}

function kernelsOf(steps: readonly PlannedStep[]): Kernel[] {
  return steps.map(({ kernel }) => kernel);
}

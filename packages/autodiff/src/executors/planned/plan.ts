import { rootsOf } from "../../backend.js";
import type { Graph } from "../../backend.js";
import { Variable } from "../../leaves.js";
import type { PrimitiveAttributes, PrimitiveName, TensorType } from "../../primitives/primitive.js";
import { concreteShape, elementCount } from "../../shape.js";
import type { Bindings, DType, Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import type { Kernel, KernelMaker, Slot, Step } from "./kernel.js";
import type { GrowingSlot, ProgramMemory } from "./memory.js";

/**
 * What a primitive costs a planned executor: a kernel; `"alias"`, the first input's memory as it is; or `"given"`,
 * memory that is filled before the run.
 */
export type KernelTable = { readonly [P in PrimitiveName]: KernelMaker | "alias" | "given" };

/** How an executor computes. */
export interface PlanOptions {
  readonly table: KernelTable;
  /** Primitives whose kernels read stretched operands in place, so that a broadcast before them costs nothing. */
  readonly readsStretched: ReadonlySet<string>;
  /** Copies a tensor into memory of its own. */
  readonly copy: KernelMaker;
  /** Turns the steps, one a primitive, into those that run; the same by default. */
  readonly rewrite?: (steps: readonly Step[], roots: Roots) => Schedule;
}

/** What a program is for. Tensors stand for those whose memory they lie in. */
export interface Roots {
  /** Outputs and guards. */
  readonly outputs: ReadonlySet<Tensor>;
  /** Values of updates, with the variables that take them. */
  readonly updates: ReadonlyMap<Tensor, readonly Variable[]>;
  /** Whose memory a tensor lies in: its own, or that of what it is an alias of. */
  ownerOf(tensor: Tensor): Tensor;
}

/** Steps in the order of their runs. */
export interface Schedule {
  readonly steps: readonly Step[];
  /** What runs only once the guards are known to be finite; only these may write in place. */
  readonly commits: readonly Step[];
}

/** Memory that steps share in turn; it grows to the largest of the shapes that it holds. */
interface SharedSlot {
  readonly slot: GrowingSlot;
  readonly dtype: DType;
  readonly shapes: Map<string, Shape>;
}

/** A step with the kernel that computes it. */
export interface PlannedStep {
  readonly step: Step;
  readonly kernel: Kernel;
}

/** A program laid out: its steps in order, and the memory they use. */
export interface Plan {
  readonly steps: readonly PlannedStep[];
  /** What changes the variables, once the guards are known to be finite. */
  readonly commits: readonly PlannedStep[];
  readonly inputs: ReadonlyMap<Tensor, GrowingSlot>;
  /** Where each root lies when the run ends. */
  readonly results: ReadonlyMap<Tensor, Slot>;
  /** Makes memory large enough for lengths of the named dimensions. */
  reserve(bindings: Bindings): void;
  /** Bytes of the program's own memory, as reserved last. */
  bytes(): { readonly buffers: number; readonly inputs: number; readonly constants: number };
}

/**
 * Lays a program out: aliases share their input's memory, broadcasts vanish into readers that stretch, and memory is
 * used again once its last reader is done. A root that would lie in an input's or a variable's memory gets a copy, so
 * that updates are simultaneous and outputs are the values before them.
 */
export function planProgram(graph: Graph, memory: ProgramMemory, options: PlanOptions): Plan {
  return new Planner(graph, memory, options).plan();
}

class Planner {
  readonly #graph: Graph;
  readonly #memory: ProgramMemory;
  readonly #options: PlanOptions;
  readonly #roots: ReadonlySet<Tensor>;
  readonly #slots = new Map<Tensor, Slot>();
  readonly #results = new Map<Tensor, Slot>();
  readonly #shared: SharedSlot[] = [];
  readonly #inputs = new Map<Tensor, GrowingSlot>();
  readonly #constants: Slot[] = [];

  constructor(graph: Graph, memory: ProgramMemory, options: PlanOptions) {
    this.#graph = graph;
    this.#memory = memory;
    this.#options = options;
    this.#roots = new Set(rootsOf(graph.outputs.values(), graph.updates));
  }

  plan(): Plan {
    const { rewrite } = this.#options;
    const computed = this.#computedSteps();
    const { steps, commits } = rewrite?.(computed, this.#rootsByOwner()) ?? { steps: computed, commits: [] };
    this.#placeGiven();
    const before = [...steps, ...this.#copySteps()];
    const kernels = this.#assignMemory([...before, ...commits]);
    for (const root of this.#roots) {
      if (!this.#results.has(root)) this.#results.set(root, this.#slots.get(this.#ownerOf(root))!);
    }
    const [shared, inputs] = [this.#shared, this.#inputs];
    const constants = this.#constants;
    return {
      steps: kernels.slice(0, before.length),
      commits: [...kernels.slice(before.length), ...this.#commitCopies(commits)],
      inputs,
      results: this.#results,
      reserve: (bindings) => reserveAll(shared, inputs, bindings),
      bytes: () => ({
        buffers: bytesOf(shared.map(({ slot }) => slot)),
        inputs: bytesOf(inputs.values()),
        constants: bytesOf(constants),
      }),
    };
  }

  #rootsByOwner(): Roots {
    const { outputs, updates } = this.#graph;
    const ownerOf = (tensor: Tensor): Tensor => this.#ownerOf(tensor);
    const targets = new Map<Tensor, Variable[]>();
    for (const { value, variable } of updates) {
      targets.set(ownerOf(value), [...(targets.get(ownerOf(value)) ?? []), variable]);
    }
    const guards = updates.flatMap(({ onlyIfFinite }) => onlyIfFinite ?? []);
    return { outputs: new Set([...outputs.values(), ...guards].map(ownerOf)), updates: targets, ownerOf };
  }

  /** Copies the values of updates that are not written in place, when all are computed. */
  #commitCopies(commits: readonly Step[]): PlannedStep[] {
    const inPlace = new Set(commits.flatMap((step) => [...(step.inPlace?.values() ?? [])]));
    const copied = this.#graph.updates.filter(({ variable }) => !inPlace.has(variable));
    const { copy } = this.#options;
    return copied.map(({ variable, value }) => {
      const step: Step = { writes: [variable], reads: [value], make: (inputs, [out]) => copy(value, inputs, out) };
      const source = { slot: this.#results.get(value)!, tensor: value };
      return { step, kernel: step.make([source], [this.#memory.variable(variable)], []) };
    });
  }

  #isGiven(tensor: Tensor): boolean {
    return this.#options.table[tensor.primitive] === "given";
  }

  /** Whose memory a tensor lies in. */
  #ownerOf(tensor: Tensor): Tensor {
    let owner = tensor;
    while (this.#options.table[owner.primitive] === "alias") owner = owner.inputs[0];
    return owner;
  }

  /** The tensor that a kernel reads for an input: a stretched one as it was before, where the kernel can. */
  #source(reader: Tensor, input: Tensor): Tensor {
    let source = input;
    if (this.#options.readsStretched.has(reader.primitive)) {
      while (source.primitive === "broadcast") source = source.inputs[0];
    }
    return source;
  }

  #computedSteps(): Step[] {
    const needed = new Set<Tensor>([...this.#roots].map((root) => this.#ownerOf(root)));
    const steps: Step[] = [];
    for (const node of this.#graph.order.toReversed()) {
      const maker = this.#options.table[node.primitive];
      if (!needed.has(node) || typeof maker === "string") continue;
      const reads = node.inputs.map((source) => this.#source(node, source));
      for (const source of reads) needed.add(this.#ownerOf(source));
      steps.push({ writes: [node], reads, make: (inputs, [out]) => maker(node, inputs, out) });
    }
    return steps.toReversed();
  }

  #copySteps(): Step[] {
    const copied = [...this.#roots].filter((root) => this.#isGiven(this.#ownerOf(root)));
    const { copy } = this.#options;
    return copied.map((root) => ({ writes: [root], reads: [root], make: (inputs, [out]) => copy(root, inputs, out) }));
  }

  #placeGiven(): void {
    for (const tensor of this.#graph.order) {
      if (!this.#isGiven(tensor)) continue;
      if (tensor instanceof Variable) {
        this.#slots.set(tensor, this.#memory.variable(tensor));
        continue;
      }
      const slot = this.#memory.slot(tensor.dtype);
      this.#slots.set(tensor, slot);
      if (tensor.primitive === "input") this.#inputs.set(tensor, slot);
      else {
        const { values } = tensor.attributes as PrimitiveAttributes["constant"];
        slot.reserve(values.length);
        slot.data.set(values);
        this.#constants.push(slot);
      }
    }
  }

  /** Gives each step memory that no later step still reads, and makes its kernel. */
  #assignMemory(steps: readonly Step[]): PlannedStep[] {
    const kept = new Set([...this.#roots].map((root) => this.#ownerOf(root)));
    const lastRead = new Map<Tensor, number>();
    steps.forEach(({ reads }, index) => reads.forEach((source) => lastRead.set(this.#ownerOf(source), index)));
    const holders = new Map<Tensor, SharedSlot>();
    const free: SharedSlot[] = [];
    return steps.map((step, index) => {
      const { writes, reads, inPlace, make } = step;
      const inputs = reads.map((tensor) => ({ slot: this.#slots.get(this.#ownerOf(tensor))!, tensor }));
      const outputs = writes.map((node) => {
        const target = inPlace?.get(node);
        if (target !== undefined) {
          const slot = this.#memory.variable(target);
          this.#slots.set(node, slot);
          return slot;
        }
        const copies = this.#isGiven(this.#ownerOf(node));
        const holder = this.#shareFor(node, free);
        if (copies) this.#results.set(node, holder.slot);
        else {
          this.#slots.set(node, holder.slot);
          holders.set(node, holder);
        }
        return holder.slot;
      });
      const scratch = (step.scratch ?? []).map((shape) => this.#shareFor({ shape, dtype: "float32" }, free));
      free.push(...scratch);
      for (const owner of new Set([...reads, ...writes].map((tensor) => this.#ownerOf(tensor)))) {
        const holder = holders.get(owner);
        if (holder !== undefined && (lastRead.get(owner) ?? index) === index && !kept.has(owner)) free.push(holder);
      }
      return { step, kernel: make(inputs, outputs, scratch.map(({ slot }) => slot)) };
    });
  }

  /** Memory for a tensor: what is free, or new. */
  #shareFor(type: TensorType, free: SharedSlot[]): SharedSlot {
    const holder = takeFree(free, type) ?? this.#newShared(type.dtype);
    holder.shapes.set(type.shape.join(), type.shape);
    return holder;
  }

  #newShared(dtype: DType): SharedSlot {
    const shared = { slot: this.#memory.slot(dtype), dtype, shapes: new Map<string, Shape>() };
    this.#shared.push(shared);
    return shared;
  }
}

/** A free slot of the node's dtype, one that held the same shape if there is one. */
function takeFree(free: SharedSlot[], node: TensorType): SharedSlot | undefined {
  const fits = (shared: SharedSlot): boolean => shared.dtype === node.dtype;
  const key = node.shape.join();
  let found = free.findLastIndex((shared) => fits(shared) && shared.shapes.has(key));
  if (found < 0) found = free.findLastIndex(fits);
  return found < 0 ? undefined : free.splice(found, 1)[0];
}

function bytesOf(slots: Iterable<Slot>): number {
  let bytes = 0;
  for (const { data } of slots) bytes += data.byteLength;
  return bytes;
}

function reserveAll(
  shared: readonly SharedSlot[],
  inputs: ReadonlyMap<Tensor, GrowingSlot>,
  bindings: Bindings,
): void {
  for (const { slot, shapes } of shared) {
    let needed = 0;
    for (const shape of shapes.values()) needed = Math.max(needed, elementCount(concreteShape(shape, bindings)));
    slot.reserve(needed);
  }
  for (const [tensor, slot] of inputs) slot.reserve(elementCount(concreteShape(tensor.shape, bindings)));
}

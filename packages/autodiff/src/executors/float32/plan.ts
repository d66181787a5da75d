import { rootsOf } from "../../backend.js";
import type { Graph } from "../../backend.js";
import { Variable } from "../../leaves.js";
import type { PrimitiveAttributes } from "../../primitives/primitive.js";
import { concreteShape, elementCount } from "../../shape.js";
import type { Bindings, DType, Shape } from "../../shape.js";
import type { Store } from "../../store.js";
import type { Tensor } from "../../tensor.js";
import { copyKernel } from "./elementwise.js";
import type { Kernel, Operand, Slot } from "./kernel.js";
import { kernels, readsStretched } from "./kernels.js";

/** Memory that steps share in turn; it grows to the largest of the shapes that it holds. */
export interface SharedSlot extends Slot {
  readonly dtype: DType;
  readonly shapes: Map<string, Shape>;
}

/** A program laid out: its steps in order, and the memory they use. */
export interface Plan {
  readonly kernels: readonly Kernel[];
  readonly shared: readonly SharedSlot[];
  readonly inputs: ReadonlyMap<Tensor, Slot>;
  readonly variables: ReadonlyMap<Variable, Slot>;
  /** Where each root lies when the run ends. */
  readonly results: ReadonlyMap<Tensor, Slot>;
}

/** One step before memory is assigned: what it computes and the tensors whose memory it reads. */
interface Step {
  readonly node: Tensor;
  readonly copies: boolean;
  readonly reads: readonly Tensor[];
}

/**
 * Lays a program out: aliases share their input's memory, broadcasts vanish into elementwise readers, and
 * memory is reused once its last reader is done. A root that would lie in an input's or a variable's memory
 * gets a copy, so that updates are simultaneous and outputs are the values before them.
 */
export function planProgram(graph: Graph, store: Store): Plan {
  const roots = new Set(rootsOf(graph.outputs.values(), graph.updates));
  const steps = planSteps(graph.order, roots);
  const slots = new Map<Tensor, Slot>();
  const inputs = new Map<Tensor, Slot>();
  const variables = new Map<Variable, Slot>();
  for (const tensor of graph.order) {
    if (kernels[tensor.primitive] !== "given") continue;
    const slot = givenSlot(tensor, store);
    slots.set(tensor, slot);
    if (tensor.primitive === "input") inputs.set(tensor, slot);
    if (tensor instanceof Variable) variables.set(tensor, slot);
  }
  const results = new Map<Tensor, Slot>();
  const shared = assignMemory(steps, roots, slots, results);
  const made = steps.map((step) => makeKernel(step, slots, results));
  for (const root of roots) if (!results.has(root)) results.set(root, slots.get(ownerOf(root))!);
  return { kernels: made, shared, inputs, variables, results };
}

/** Whose memory a tensor lies in. */
function ownerOf(tensor: Tensor): Tensor {
  let owner = tensor;
  while (kernels[owner.primitive] === "alias") owner = owner.inputs[0];
  return owner;
}

/** The tensor that a kernel reads for an input: a stretched one as it was before, where the kernel can. */
function sourceOf(reader: Tensor, input: Tensor): Tensor {
  let source = input;
  if (readsStretched.has(reader.primitive)) while (source.primitive === "broadcast") source = source.inputs[0];
  return source;
}

function planSteps(order: readonly Tensor[], roots: ReadonlySet<Tensor>): Step[] {
  const needed = new Set<Tensor>([...roots].map(ownerOf));
  const steps: Step[] = [];
  for (const node of order.toReversed()) {
    if (!needed.has(node) || kernels[node.primitive] === "given") continue;
    const reads = node.inputs.map((input) => sourceOf(node, input));
    for (const source of reads) needed.add(ownerOf(source));
    steps.push({ node, copies: false, reads });
  }
  steps.reverse();
  for (const root of roots) {
    if (kernels[ownerOf(root).primitive] === "given") steps.push({ node: root, copies: true, reads: [root] });
  }
  return steps;
}

function givenSlot(tensor: Tensor, store: Store): Slot {
  if (tensor instanceof Variable) return { data: store.view(tensor) };
  if (tensor.primitive !== "constant") return { data: emptyData(tensor.dtype) };
  const { values } = tensor.attributes as PrimitiveAttributes["constant"];
  return { data: tensor.dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values) };
}

function emptyData(dtype: DType): Float32Array | Int32Array {
  return dtype === "int32" ? new Int32Array(0) : new Float32Array(0);
}

/** Gives each step memory that no later step still reads. */
function assignMemory(
  steps: readonly Step[],
  roots: ReadonlySet<Tensor>,
  slots: Map<Tensor, Slot>,
  results: Map<Tensor, Slot>,
): SharedSlot[] {
  const kept = new Set([...roots].map(ownerOf));
  const lastRead = new Map<Tensor, number>();
  steps.forEach(({ reads }, index) => reads.forEach((source) => lastRead.set(ownerOf(source), index)));
  const shared: SharedSlot[] = [];
  const free: SharedSlot[] = [];
  steps.forEach(({ node, copies, reads }, index) => {
    const slot = copies ? undefined : takeFree(free, node);
    const used = slot ?? { data: emptyData(node.dtype), dtype: node.dtype, shapes: new Map<string, Shape>() };
    if (slot === undefined) shared.push(used);
    used.shapes.set(node.shape.join(), node.shape);
    (copies ? results : slots).set(node, used);
    for (const owner of new Set(reads.map(ownerOf))) {
      const done = lastRead.get(owner) === index && !kept.has(owner) && kernels[owner.primitive] !== "given";
      if (done) free.push(slots.get(owner) as SharedSlot);
    }
  });
  return shared;
}

/** A free slot of the node's dtype, one that held the same shape if there is one. */
function takeFree(free: SharedSlot[], node: Tensor): SharedSlot | undefined {
  const fits = (slot: SharedSlot): boolean => slot.dtype === node.dtype;
  const key = node.shape.join();
  let found = free.findLastIndex((slot) => fits(slot) && slot.shapes.has(key));
  if (found < 0) found = free.findLastIndex(fits);
  return found < 0 ? undefined : free.splice(found, 1)[0];
}

function makeKernel(step: Step, slots: ReadonlyMap<Tensor, Slot>, results: ReadonlyMap<Tensor, Slot>): Kernel {
  const inputs: Operand[] = step.reads.map((tensor) => ({ slot: slots.get(ownerOf(tensor))!, tensor }));
  if (step.copies) return copyKernel(step.node, inputs, results.get(step.node)!);
  const maker = kernels[step.node.primitive];
  if (typeof maker === "string") throw new Error(`${step.node.primitive} is not a step`);
  return maker(step.node, inputs, slots.get(step.node)!);
}

/** Makes shared memory large enough, doubling so that growing sizes seldom allocate. */
export function growMemory(shared: readonly SharedSlot[], bindings: Bindings): void {
  for (const slot of shared) {
    let needed = 0;
    for (const shape of slot.shapes.values()) needed = Math.max(needed, elementCount(concreteShape(shape, bindings)));
    if (needed <= slot.data.length) continue;
    const capacity = slot.data.length === 0 ? needed : Math.max(needed, 2 * slot.data.length);
    slot.data = slot.data instanceof Int32Array ? new Int32Array(capacity) : new Float32Array(capacity);
  }
}

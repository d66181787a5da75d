import type { Backend } from "../../backend.js";
import { LinearMemory } from "../../linear-memory.js";
import type { Extent } from "../../linear-memory.js";
import { simplify } from "../../simplify.js";
import type { Tensor } from "../../tensor.js";
import { kernels as hostKernels, readsStretched } from "../float32/kernels.js";
import type { Step } from "../planned/kernel.js";
import { StoreMemory } from "../planned/memory.js";
import { planProgram } from "../planned/plan.js";
import type { Roots, Schedule } from "../planned/plan.js";
import { PlannedProgram } from "../planned/program.js";
import { Emission } from "./emission.js";
import { isFusable } from "./elementwise.js";
import { copyKernel } from "./copy.js";
import { fuse } from "./fuse.js";
import { fusedStep } from "./fused-step.js";
import { readsOf } from "./group.js";
import type { Unit } from "./group.js";
import { inPlaceTargets, splitCommits } from "./in-place.js";
import { isEmittedProduct, productStep } from "./matmul.js";
import { hasRelaxedSimd } from "./relaxed-simd.js";
import { isEmittedRowwise, rowwiseStep } from "./rowwise.js";
import { sizeStep } from "./size.js";

/** How {@link webAssembly} computes. */
export interface WebAssemblyOptions {
  /**
   * Whether results have the same bits in every engine and on every machine. Otherwise, the default, fused multiply-add
   * is used where the engine has relaxed SIMD: faster and more exact, with low bits that depend on engine and machine.
   */
  readonly deterministic?: boolean;
}

/**
 * The default executor: compiles each program to one WebAssembly module. Programs are simplified; elementwise
 * expressions are fused into SIMD loops; products, reductions and functions of rows have kernels; what is not emitted
 * runs as the float32 executor's loops, on the same memory.
 *
 * The store's variables move into linear memory, which all of its programs share. A run at the sizes of the run before
 * allocates nothing. On one machine the same program on the same feeds gives the same bits.
 *
 * @param options - See {@link WebAssemblyOptions}.
 */
export function webAssembly({ deterministic = false }: WebAssemblyOptions = {}): Backend {
  return {
    name: "webAssembly",
    prepare: (given, store) => {
      const graph = simplify(given);
      const memory = store.moveInto(() => new LinearMemory());
      const extents = new Set<Extent>();
      const emission = new Emission(!deterministic && hasRelaxedSimd());
      const plan = planProgram(graph, new StoreMemory(store, memory, extents), {
        table: hostKernels,
        readsStretched,
        copy: (node, [source], out) => copyKernel(node, source, out, emission),
        rewrite: (steps, roots) => schedule(steps, roots, emission),
      });
      const [kernels, commits] = [plan.steps, plan.commits].map((steps) => steps.map(({ kernel }) => kernel));
      const joined = [emission.join(kernels, memory, extents), emission.join(commits, memory, extents)] as const;
      emission.finish(memory);
      const program = new PlannedProgram(graph, store, plan, joined);
      memory.releaseWith(program, extents);
      return program;
    },
  };
}

function schedule(steps: readonly Step[], roots: Roots, emission: Emission): Schedule {
  const split = splitCommits(steps, roots, isFusable);
  const commits = fuse(split.commits, readsFromOutside([], roots));
  const computed = fuse(split.computed, readsFromOutside(commits, roots));
  const isRead = readsFromOutside([...computed, ...commits], roots);
  const inPlace = inPlaceTargets(commits, roots);
  return {
    steps: computed.map((unit) => emitUnit(unit, isRead, emission)),
    commits: commits.map((unit) => {
      const step = emitUnit(unit, isRead, emission);
      return "group" in unit ? { ...step, inPlace: inPlace(unit.group) } : step;
    }),
  };
}

/** Tells whether a group's node is read by something else, or is a root. */
function readsFromOutside(units: readonly Unit[], roots: Roots): (node: Tensor) => boolean {
  const read = new Set<Tensor>([...roots.outputs, ...roots.updates.keys()]);
  for (const unit of units) {
    for (const tensor of readsOf(unit)) read.add(roots.ownerOf(tensor));
  }
  return (node) => read.has(node);
}

function emitUnit(unit: Unit, isRead: (node: Tensor) => boolean, emission: Emission): Step {
  if ("group" in unit) return fusedStep(unit.group, isRead, emission);
  const { step } = unit;
  const [node] = step.writes;
  if (node.primitive === "size") return sizeStep(step, emission);
  if (isEmittedProduct(node)) return productStep(step, emission);
  return isEmittedRowwise(node) ? rowwiseStep(step, emission) : step;
}

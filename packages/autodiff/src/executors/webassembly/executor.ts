import type { Backend } from "../../backend.js";
import { LinearMemory } from "../../linear-memory.js";
import type { Region } from "../../linear-memory.js";
import type { Tensor } from "../../tensor.js";
import { copyKernel } from "../float32/elementwise.js";
import { kernels, readsStretched } from "../float32/kernels.js";
import type { Step } from "../planned/kernel.js";
import { StoreMemory } from "../planned/memory.js";
import { planProgram } from "../planned/plan.js";
import { PlannedProgram } from "../planned/program.js";
import { Emission } from "./emission.js";
import { fusedStep, isFusable } from "./elementwise.js";
import { fuse } from "./fuse.js";
import { isEmittedProduct, productStep } from "./matmul.js";
import { isEmittedReduction, reductionStep } from "./reductions.js";

/** Gives a program's memory back to its store once the program is gone. */
const releases = new FinalizationRegistry<{ memory: LinearMemory; regions: Set<Region> }>(({ memory, regions }) => {
  for (const region of regions) memory.release(region);
});

/** How {@link webAssembly} computes. */
export interface WebAssemblyOptions {
  /** Whether fused multiply-add is used where the engine has it: faster, with low bits that depend on the machine. */
  readonly relaxed?: boolean;
}

/**
 * The default executor: compiles each program to one WebAssembly module. Elementwise expressions are fused into SIMD
 * loops, and products and reductions have kernels; what is not emitted runs as the float32 executor's loops, on the
 * same memory.
 *
 * The store's variables move into linear memory, which all of its programs share. A run at the sizes of the run before
 * allocates nothing. Without `relaxed` the same program on the same feeds gives the same bits in every engine.
 *
 * @param options - See {@link WebAssemblyOptions}.
 */
export function webAssembly({ relaxed = false }: WebAssemblyOptions = {}): Backend {
  return {
    name: "webAssembly",
    prepare: (graph, store) => {
      const memory = store.moveInto(() => new LinearMemory());
      const regions = new Set<Region>();
      const emission = new Emission(relaxed);
      const plan = planProgram(graph, new StoreMemory(store, memory, regions), {
        table: kernels,
        readsStretched,
        copy: copyKernel,
        rewrite: (steps, roots) => emitSteps(steps, roots, emission),
      });
      emission.finish(memory);
      const program = new PlannedProgram(graph, store, plan);
      releases.register(program, { memory, regions });
      return program;
    },
  };
}

function emitSteps(steps: readonly Step[], roots: ReadonlySet<Tensor>, emission: Emission): Step[] {
  const units = fuse(steps, isFusable);
  const readBy = new Map<Tensor, number>();
  for (const unit of units) {
    const reads = "group" in unit ? unit.group.operands : unit.step.reads;
    for (const read of reads) for (const tensor of throughAliases(read)) readBy.set(tensor, 1);
  }
  return units.map((unit) => {
    if ("step" in unit) return emitStep(unit.step, emission);
    return fusedStep(unit.group, (node) => roots.has(node) || readBy.has(node), emission);
  });
}

/** A step by a kernel of the module, where there is one for it. */
function emitStep(step: Step, emission: Emission): Step {
  const [node] = step.writes;
  if (isEmittedProduct(node)) return productStep(step, emission);
  return isEmittedReduction(node) ? reductionStep(step, emission) : step;
}

/** A tensor and all that it is an alias of. */
function throughAliases(tensor: Tensor): Tensor[] {
  const chain = [tensor];
  while (kernels[chain[chain.length - 1].primitive] === "alias") chain.push(chain[chain.length - 1].inputs[0]);
  return chain;
}

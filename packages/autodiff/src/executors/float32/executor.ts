import type { Backend } from "../../backend.js";
import { ArrayMemory } from "../planned/memory.js";
import { planProgram } from "../planned/plan.js";
import { PlannedProgram } from "../planned/program.js";
import { copyKernel } from "./elementwise.js";
import { kernels, readsStretched } from "./kernels.js";

/**
 * An executor in plain JavaScript: one loop over preallocated typed arrays for each primitive, in plain JavaScript.
 *
 * Every intermediate is rounded to float32; sums and products accumulate in float64. The same program on the
 * same feeds gives the same bits in every engine. A run at the sizes of the run before allocates nothing.
 */
export const float32: Backend = {
  name: "float32",
  prepare: (graph, store) => {
    const plan = planProgram(graph, new ArrayMemory(store), { table: kernels, readsStretched, copy: copyKernel });
    return new PlannedProgram(graph, store, plan);
  },
};

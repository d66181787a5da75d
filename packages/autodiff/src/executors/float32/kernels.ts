import { elementwiseKernels } from "./elementwise.js";
import { hostOperation } from "./host.js";
import { indexingKernels } from "./indexing.js";
import type { KernelTable } from "../planned/plan.js";
import { matmul } from "./matmul.js";
import { reductionKernels } from "./reductions.js";
import { structureKernels } from "./structure.js";

/** A loop for every primitive. A primitive without an entry does not type-check. */
export const kernels: KernelTable = {
  input: "given",
  variable: "given",
  constant: "given",
  reshape: "alias",
  stopGradient: "alias",
  customGradient: "alias",
  ...elementwiseKernels,
  ...reductionKernels,
  ...structureKernels,
  ...indexingKernels,
  matmul,
  hostOperation,
};

/** Primitives whose kernels read stretched operands in place, so that a broadcast before them costs nothing. */
export const readsStretched: ReadonlySet<string> = new Set(Object.keys(elementwiseKernels));

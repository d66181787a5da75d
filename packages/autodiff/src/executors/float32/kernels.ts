import type { PrimitiveName } from "../../primitives/primitive.js";
import { elementwiseKernels } from "./elementwise.js";
import { indexingKernels } from "./indexing.js";
import type { KernelMaker } from "./kernel.js";
import { matmul } from "./matmul.js";
import { reductionKernels } from "./reductions.js";
import { structureKernels } from "./structure.js";

/**
 * What a primitive costs this executor: a kernel; `"alias"`, the first input's memory as it is;
 * or `"given"`, memory that is filled before the run. A primitive without an entry does not type-check.
 */
export const kernels: { readonly [P in PrimitiveName]: KernelMaker | "alias" | "given" } = {
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
};

/** Primitives whose kernels read stretched operands in place, so that a broadcast before them costs nothing. */
export const readsStretched: ReadonlySet<string> = new Set(Object.keys(elementwiseKernels));

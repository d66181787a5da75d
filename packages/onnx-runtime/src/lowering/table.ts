import type { PrimitiveName } from "@uphill/autodiff";
import { elementwise } from "./elementwise.js";
import { indexing } from "./indexing.js";
import { leaves } from "./leaves.js";
import type { Lowering } from "./lowering.js";
import { reductions } from "./reductions.js";
import { structure } from "./structure.js";

/** How each of autodiff's primitives becomes ONNX. A primitive without a row does not type-check. */
export const lowerings: { readonly [P in PrimitiveName]: Lowering<P> } = {
  ...leaves,
  ...elementwise,
  ...reductions,
  ...structure,
  ...indexing,
};

import { elementwise } from "./elementwise.js";
import { gradients } from "./gradients.js";
import { host } from "./host.js";
import { indexing } from "./indexing.js";
import { leaves } from "./leaves.js";
import { linear } from "./linear.js";
import type { Primitive, PrimitiveName } from "./primitive.js";
import { reductions } from "./reductions.js";
import { structure } from "./structure.js";

/** The table of primitives. A primitive without a row, or a row without a cell, does not type-check. */
export const primitives: { readonly [P in PrimitiveName]: Primitive<P> } = {
  ...leaves,
  ...elementwise,
  ...reductions,
  ...structure,
  ...indexing,
  ...linear,
  ...gradients,
  ...host,
};

/** The row of a primitive whose name is known only at run time. */
export function primitiveRow(name: PrimitiveName): Primitive<PrimitiveName> {
  // Sound: a tensor's attributes are those of its own primitive (see createTensor).
  return primitives[name] as unknown as Primitive<PrimitiveName>;
}

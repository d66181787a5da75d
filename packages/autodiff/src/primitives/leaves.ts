import { withoutDerivative } from "./primitive.js";
import type { Primitive } from "./primitive.js";

/** An executor puts the values of inputs and variables in place; nothing is left to evaluate. */
const given = {
  type: (_: unknown, { shape, dtype }: { shape: readonly (number | string)[]; dtype: "float32" | "int32" }) => ({
    shape,
    dtype,
  }),
  evaluate: () => undefined,
  ...withoutDerivative,
} as const;

/** Rows of the leaves: what an expression is built from. */
export const leaves = {
  input: given satisfies Primitive<"input">,
  variable: given satisfies Primitive<"variable">,
  constant: {
    ...given,
    evaluate: (_, { values }, out) => out.data.set(values),
  } satisfies Primitive<"constant">,
  // The number of elements in a shape, whose named dimensions have lengths only at run time.
  size: {
    type: () => ({ shape: [], dtype: "float32" }),
    evaluate: (_, { dimensions }, out, bindings) => {
      let product = 1;
      for (const dimension of dimensions) {
        product *= typeof dimension === "number" ? dimension : bindings.get(dimension)!;
      }
      out.data[0] = product;
    },
    ...withoutDerivative,
  } satisfies Primitive<"size">,
};

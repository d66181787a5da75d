import { OptionError } from "@uphill/core-math";
import { checkedCotangents } from "./checks.js";
import type { Primitive } from "./primitive.js";

/** Rows of the primitives that are the identity, but for their derivative. */
export const gradients = {
  stopGradient: {
    type: ([x]) => x,
    evaluate: ([x], _, out) => out.data.set(x.data),
    forward: () => undefined,
    reverse: () => [],
  } satisfies Primitive<"stopGradient">,

  // The first input's value, with a cotangent rule for the others.
  customGradient: {
    type: ([value]) => value,
    evaluate: ([value], _, out) => out.data.set(value.data),
    forward: () => {
      throw new OptionError("customGradient: expected reverse mode, got jvp (the rule gives cotangents only)");
    },
    reverse: ({ inputs: [, ...inputs], attributes: { reverse } }, cotangent) => {
      return [undefined, ...checkedCotangents("customGradient", reverse(cotangent), inputs)];
    },
  } satisfies Primitive<"customGradient">,
};

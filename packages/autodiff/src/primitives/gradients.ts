import { OptionError, ShapeError } from "@uphill/core-math";
import { formatShape, sameShape } from "../shape.js";
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
      const cotangents = reverse(cotangent);
      if (cotangents.length !== inputs.length) {
        throw new ShapeError(
          `customGradient: expected a rule that gives ${inputs.length} cotangents, got ${cotangents.length}`,
        );
      }
      cotangents.forEach((given, index) => {
        const { shape } = inputs[index];
        if (given !== undefined && !sameShape(given.shape, shape)) {
          throw new ShapeError(
            `customGradient: expected a cotangent of shape ${formatShape(shape)} for input ${index}, got ${formatShape(given.shape)}`,
          );
        }
      });
      return [undefined, ...cotangents];
    },
  } satisfies Primitive<"customGradient">,
};

import { OptionError, UphillError } from "@uphill/core-math";
import { validateShape } from "../shape.js";
import { checkedCotangents } from "./checks.js";
import type { HostArray, HostOperation, Primitive } from "./primitive.js";

/** The row of the primitive that calls a JavaScript function: see `hostOperation`. */
export const host = {
  hostOperation: {
    type: (inputs, { operation }) => {
      const shape = operation.shape(inputs.map((input) => input.shape));
      validateShape(`${operation.name} shape`, shape);
      return { shape, dtype: "float32" };
    },
    evaluate: (inputs, { operation }, out) => runHostOperation(operation, inputs, out),
    forward: ({ attributes: { operation } }) => {
      throw new OptionError(`${operation.name}: expected reverse mode, got jvp (a host operation gives cotangents only)`);
    },
    reverse: (node, cotangent) => {
      const { inputs, attributes } = node;
      const { name, reverse } = attributes.operation;
      return checkedCotangents(name, reverse(inputs, cotangent, node), inputs);
    },
  } satisfies Primitive<"hostOperation">,
};

/** Calls the function. What it throws comes out under the operation's name, of the same class where it is one of ours. */
export function runHostOperation({ name, compute }: HostOperation, inputs: readonly HostArray[], out: HostArray): void {
  try {
    compute(inputs, out);
  } catch (cause) {
    const ErrorClass = cause instanceof UphillError ? (cause.constructor as typeof UphillError) : UphillError;
    throw new ErrorClass(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

import { concreteShape, validateIndices } from "@uphill/autodiff";
import type { Bindings, Dimension, Tensor } from "@uphill/autodiff";

/** An expression that addresses elements by integers. */
export interface IndexUse {
  /** What messages call it. */
  readonly label: string;
  readonly indices: Tensor;
  /** How many there are to address. */
  readonly length: Dimension;
}

/** Those of the tensors that address elements by integers. */
export function indexUsesOf(tensors: Iterable<Tensor>): IndexUse[] {
  return [...tensors].flatMap((tensor) => {
    const length = addressed(tensor);
    if (length === undefined) return [];
    const { name, primitive, inputs } = tensor;
    return [{ label: name === undefined ? primitive : `${primitive} "${name}"`, indices: inputs[1], length }];
  });
}

/** How many rows or columns a tensor's indices address. */
function addressed({ primitive, inputs, shape }: Tensor): Dimension | undefined {
  if (primitive === "gather") return inputs[0].shape[0];
  if (primitive === "takeAlong") return inputs[0].shape.at(-1);
  if (primitive === "scatterAdd") return shape[0];
  return primitive === "putAlong" ? shape.at(-1) : undefined;
}

/**
 * Checks indices as autodiff's own executors do: ONNX Runtime takes a negative one from the end.
 *
 * @throws OptionError that names the first index out of range.
 */
export function checkIndices({ label, length }: IndexUse, values: ArrayLike<number>, bindings: Bindings): void {
  const [count] = concreteShape([length], bindings);
  validateIndices(label, values, values.length, count);
}

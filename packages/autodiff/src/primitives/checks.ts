import { OptionError, ShapeError } from "@uphill/core-math";
import { formatShape, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import type { PrimitiveName, TensorType } from "./primitive.js";

/** Throws unless the input holds numbers. */
export function requireFloat(primitive: PrimitiveName, input: TensorType): void {
  if (input.dtype !== "float32") {
    throw new OptionError(`${primitive}: expected a float32 tensor, got ${input.dtype} (convert it by toFloat())`);
  }
}

/** Throws unless the input holds indices. */
export function requireInteger(primitive: PrimitiveName, input: TensorType): void {
  if (input.dtype !== "int32") {
    throw new OptionError(`${primitive}: expected int32 indices, got ${input.dtype} (convert them by toInt())`);
  }
}

/** The cotangents that a caller's rule gave, if they are one for each input and have its shape. */
export function checkedCotangents(
  operation: string,
  cotangents: readonly (Tensor | undefined)[],
  inputs: readonly Tensor[],
): readonly (Tensor | undefined)[] {
  if (cotangents.length !== inputs.length) {
    throw new ShapeError(`${operation}: expected a rule that gives ${inputs.length} cotangents, got ${cotangents.length}`);
  }
  cotangents.forEach((given, index) => {
    const { shape } = inputs[index];
    if (given !== undefined && !sameShape(given.shape, shape)) {
      throw new ShapeError(
        `${operation}: expected a cotangent of shape ${formatShape(shape)} for input ${index}, got ${formatShape(given.shape)}`,
      );
    }
  });
  return cotangents;
}

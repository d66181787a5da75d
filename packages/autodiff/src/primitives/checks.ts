import { OptionError } from "@uphill/core-math";
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

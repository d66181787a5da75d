import { expect } from "vitest";
import { FormatError } from "@uphill/core-math";
import type { TensorArray, TensorData } from "../src/safetensors/dtypes.js";
import fc from "fast-check";

/** A safetensors file with the given header and data, however wrong. */
export function rawFile(header: string, data = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

/** Checks that every proper prefix of a file is refused as damaged. */
export function expectTruncationRefused(bytes: Uint8Array, decode: (bytes: Uint8Array) => unknown): void {
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decode(bytes.slice(0, length)), `${length} bytes`).toThrow(FormatError);
  }
}

const arrays = [
  fc.float64Array({ maxLength: 6 }),
  fc.float32Array({ maxLength: 6 }),
  fc.bigInt64Array({ maxLength: 6 }),
  fc.bigUint64Array({ maxLength: 6 }),
  fc.int32Array({ maxLength: 6 }),
  fc.uint32Array({ maxLength: 6 }),
  fc.int16Array({ maxLength: 6 }),
  fc.uint16Array({ maxLength: 6 }),
  fc.int8Array({ maxLength: 6 }),
  fc.uint8Array({ maxLength: 6 }),
] as readonly fc.Arbitrary<TensorArray>[];

/** Tensors of every element type, under any names, flat or as a matrix. */
export const anyTensors: fc.Arbitrary<Readonly<Record<string, TensorData>>> = fc.dictionary(
  fc.string().map((name) => (name === "__metadata__" ? "metadata" : name)),
  fc
    .tuple(fc.oneof(...arrays), fc.boolean())
    .map(([data, matrix]) => ({ shape: matrix ? [1, data.length] : [data.length], data })),
);

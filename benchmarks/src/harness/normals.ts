import { Random } from "@uphill/core-math";

/** Standard normal numbers. */
export function normals(seed: number, count: number): Float32Array {
  const values = new Float32Array(count);
  new Random(seed).fillStandardNormal(values);
  return values;
}

import type { Random } from "@uphill/core-math";

/**
 * `count` orthonormal vectors of `length` ≥ `count`, spanning what `count` standard normal vectors span.
 *
 * Gram–Schmidt, each projection subtracted twice: once loses orthogonality where a vector is nearly in the
 * span of those before it, twice is enough (Giraud, Langou and Rozložník 2005).
 */
export function orthonormalVectors(random: Random, count: number, length: number): Float64Array[] {
  const vectors: Float64Array[] = [];
  for (let k = 0; k < count; k++) {
    const vector = new Float64Array(length);
    random.fillStandardNormal(vector);
    for (let pass = 0; pass < 2; pass++) for (const other of vectors) addScaled(vector, -dot(vector, other), other);
    const norm = Math.sqrt(dot(vector, vector));
    for (let i = 0; i < length; i++) vector[i] /= norm;
    vectors.push(vector);
  }
  return vectors;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addScaled(target: Float64Array, factor: number, source: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] += factor * source[i];
}

/** Σᵢ aᵢ bᵢ. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** ‖a‖, without overflow or underflow of the squares. */
export function norm(a: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]));
  if (most === 0 || most === Infinity) return most;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] / most) ** 2;
  return most * Math.sqrt(sum);
}

/** A x for a matrix A, [n, n] row by row. */
export function matrixVector(matrix: ArrayLike<number>, x: ArrayLike<number>): Float64Array {
  const n = x.length;
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += matrix[i * n + j] * x[j];
    return sum;
  });
}

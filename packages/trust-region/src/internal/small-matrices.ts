/** Copies the symmetric part of a matrix [n, n] that begins at `offset`. */
export function loadSymmetric(from: ArrayLike<number>, offset: number, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = (from[offset + i * n + j] + from[offset + j * n + i]) / 2;
      out[i * n + j] = value;
      out[j * n + i] = value;
    }
  }
}

/** Copies `count` elements that begin at `offset`. */
export function load(from: ArrayLike<number>, offset: number, count: number, out: Float64Array): void {
  for (let i = 0; i < count; i++) out[i] = from[offset + i];
}

/** Writes `count` elements from `offset` on. */
export function store(from: Float64Array, count: number, out: Float32Array | Float64Array | Int32Array, offset: number): void {
  for (let i = 0; i < count; i++) out[offset + i] = from[i];
}

/** A B, [n, n]; `out` is neither. */
export function multiply(a: Float64Array, b: Float64Array, n: number, out: Float64Array): void {
  for (let row = 0; row < n * n; row += n) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = row, q = j; p < row + n; p++, q += n) sum += a[p] * b[q];
      out[row + j] = sum;
    }
  }
}

/** Aᵀ B, [n, n]; `out` is neither. */
export function multiplyTransposed(a: Float64Array, b: Float64Array, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = i, q = j; p < n * n; p += n, q += n) sum += a[p] * b[q];
      out[i * n + j] = sum;
    }
  }
}

/** A Bᵀ, [n, n]; `out` is neither. */
export function multiplyByTransposed(a: Float64Array, b: Float64Array, n: number, out: Float64Array): void {
  for (let row = 0; row < n * n; row += n) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = row, q = j * n; p < row + n; p++, q++) sum += a[p] * b[q];
      out[row + j] = sum;
    }
  }
}

/** V A Vᵀ by way of `scratch`; neither it nor `out` is V or A. */
export function congruence(v: Float64Array, a: Float64Array, n: number, scratch: Float64Array, out: Float64Array): void {
  multiply(v, a, n, scratch);
  multiplyByTransposed(scratch, v, n, out);
}

/** V diag(d) Vᵀ, symmetric to the bit; `out` is not V. */
export function fromEigen(vectors: Float64Array, values: Float64Array, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += vectors[i * n + k] * values[k] * vectors[j * n + k];
      out[i * n + j] = sum;
      out[j * n + i] = sum;
    }
  }
}

/** The transpose in place. */
export function transpose(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const value = a[i * n + j];
      a[i * n + j] = a[j * n + i];
      a[j * n + i] = value;
    }
  }
}

/** Sweeps after which it stops come what may; five to ten diagonalise any matrix of finite numbers. */
const MOST_SWEEPS = 64;

/** (2⁻⁵³)²: off-diagonal elements below the geometric mean of their two diagonal ones by 2⁻⁵³ count as zero. */
const NEGLIGIBLE = 2 ** -106;

/**
 * Turns a symmetric matrix into a diagonal one by rotations, and an identity matrix into its eigenvectors, both in `work`.
 *
 * @param work - A in the first n² places, of which the lower triangle is read and its diagonal becomes the eigenvalues;
 *   the next n² become the eigenvectors, one a row.
 */
export function jacobiDiagonalize(work: Float64Array, n: number): void {
  const end = 2 * n * n;
  for (let i = n * n; i < end; i++) work[i] = 0;
  for (let i = n * n; i < end; i += n + 1) work[i] = 1;
  for (let sweep = 0, rotated = true; rotated && sweep < MOST_SWEEPS; sweep++) {
    rotated = false;
    for (let q = 1; q < n; q++) {
      for (let p = 0; p < q; p++) {
        const element = work[q * n + p];
        const bound = NEGLIGIBLE * Math.abs(work[p * n + p] * work[q * n + q]);
        if (element * element <= bound) continue;
        rotate(work, n, p, q);
        rotated = true;
      }
    }
  }
}

/** The rotation of axes p < q that makes element [q, p] zero, by the smaller of its two angles. */
function rotate(work: Float64Array, n: number, p: number, q: number): void {
  const element = work[q * n + p];
  const cotangent = (work[q * n + q] - work[p * n + p]) / (2 * element);
  const tangent = (cotangent < 0 ? -1 : 1) / (Math.abs(cotangent) + Math.sqrt(cotangent * cotangent + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  const ratio = sine / (1 + cosine);
  work[p * n + p] -= tangent * element;
  work[q * n + q] += tangent * element;
  work[q * n + p] = 0;
  for (let k = 0; k < p; k++) turn(work, p * n + k, q * n + k, sine, ratio);
  for (let k = p + 1; k < q; k++) turn(work, k * n + p, q * n + k, sine, ratio);
  for (let k = q + 1; k < n; k++) turn(work, k * n + p, k * n + q, sine, ratio);
  for (let k = n * n; k < n * n + n; k++) turn(work, p * n + k, q * n + k, sine, ratio);
}

/** Two elements turned by an angle; `ratio` is the tangent of its half. */
function turn(work: Float64Array, a: number, b: number, sine: number, ratio: number): void {
  const first = work[a];
  const second = work[b];
  work[a] = first - sine * (second + first * ratio);
  work[b] = second + sine * (first - second * ratio);
}

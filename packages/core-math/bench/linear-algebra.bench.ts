import { bench, describe } from "vitest";
import { built } from "./built.js";

const n = 6;
const batch = 2048;
const random = new built.Random(1);
const matrices = new Float64Array(batch * n * n);
const out = new Float64Array(batch * n * n);
const values = new Float64Array(batch * n);

for (let first = 0; first < matrices.length; first += n * n) {
  const factor = Float64Array.from({ length: n * n }, () => random.standardNormal());
  for (let i = 0; i < n * n; i++) {
    let sum = i % (n + 1) === 0 ? 0.1 : 0;
    for (let k = 0; k < n; k++) sum += factor[Math.floor(i / n) * n + k] * factor[(i % n) * n + k];
    matrices[first + i] = sum;
  }
}

describe("2,048 covariances of 6 × 6", () => {
  bench("choleskyFactorAt", () => {
    for (let at = 0; at < matrices.length; at += n * n) built.choleskyFactorAt(matrices, at, n, out, at);
  });
  bench("symmetricEigenAt", () => {
    for (let at = 0; at < matrices.length; at += n * n) built.symmetricEigenAt(matrices, at, n, values, at / n, out, at);
  });
  bench("symmetricSquareRootAt", () => {
    for (let at = 0; at < matrices.length; at += n * n) built.symmetricSquareRootAt(matrices, at, n, out, at);
  });
});

import type { FittedFunction } from "../src/index.js";

/** Q(s, c) = −k Σ (cᵢ − peakᵢ(s))²/2 of rows (observation, code), with its derivatives. */
export function quadraticQ(observationSize: number, k: number, peak: (row: Float32Array) => readonly number[]): FittedFunction {
  const differentiate = (rows: Float32Array) => {
    const width = observationSize + peak(rows).length;
    const values = new Float64Array(rows.length / width);
    const gradients = new Float64Array(rows.length);
    for (let n = 0; n < values.length; n++) {
      const row = rows.subarray(n * width, (n + 1) * width);
      peak(row).forEach((top, i) => {
        const off = row[observationSize + i] - top;
        values[n] -= (k * off * off) / 2;
        gradients[n * width + observationSize + i] = -k * off;
      });
    }
    return { values, gradients };
  };
  return { predict: (rows) => differentiate(rows).values, differentiate };
}

import { exp, log } from "@uphill/core-math";

/** τ log Σᵢ exp(xᵢ/τ) over a row, shifted by its largest element so that nothing overflows. */
export function softMaximum(row: Float64Array, temperature: number): number {
  const most = largest(row);
  return most + temperature * log(row.reduce((sum, x) => sum + exp((x - most) / temperature), 0));
}

/** exp(xᵢ/τ) / Σⱼ exp(xⱼ/τ) in place of each element of each row of `count` elements. */
export function softmaxInPlace(rows: Float64Array, count: number, temperature: number): Float64Array {
  for (let start = 0; start < rows.length; start += count) {
    const row = rows.subarray(start, start + count);
    const most = largest(row);
    let sum = 0;
    for (let i = 0; i < count; i++) sum += row[i] = exp((row[i] - most) / temperature);
    for (let i = 0; i < count; i++) row[i] /= sum;
  }
  return rows;
}

function largest(row: Float64Array): number {
  return row.reduce((most, x) => Math.max(most, x), -Infinity);
}

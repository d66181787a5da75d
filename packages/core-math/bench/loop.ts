// One round is 1,000 calls: a round's microseconds are a call's nanoseconds.
export const spread = (min: number, max: number): Float64Array =>
  Float64Array.from({ length: 1000 }, (_, i) => min + (max - min) * ((i * 0.6180339887498949) % 1));

let sink = 0;

/** A loop of its own for each function: a shared one would stop inlining what it calls. */
export function loop(compute: (x: number) => number, values: Float64Array): () => void {
  const body = "let sum = 0; for (let i = 0; i < values.length; i++) sum += compute(values[i]); return sum;";
  // oxlint-disable-next-line typescript/no-implied-eval
  const run = new Function("compute", "values", body) as (f: typeof compute, v: Float64Array) => number;
  return () => {
    sink += run(compute, values);
  };
}

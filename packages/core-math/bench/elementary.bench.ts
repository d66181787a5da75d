import { bench, describe } from "vitest";
import { built } from "./built.js";

const { cos, exp, log, pow, sin, tanh } = built;

// One round is 1,000 calls: a round's microseconds are a call's nanoseconds.
const spread = (min: number, max: number): Float64Array =>
  Float64Array.from({ length: 1000 }, (_, i) => min + (max - min) * ((i * 0.6180339887498949) % 1));

const cases = [
  { name: "exp", ours: exp, engine: Math.exp, values: spread(-10, 10) },
  { name: "log", ours: log, engine: Math.log, values: spread(0.001, 10) },
  { name: "tanh", ours: tanh, engine: Math.tanh, values: spread(-3, 3) },
  { name: "sin", ours: sin, engine: Math.sin, values: spread(-4, 4) },
  { name: "cos", ours: cos, engine: Math.cos, values: spread(-4, 4) },
  {
    name: "pow",
    ours: (x: number) => pow(x, 1.7),
    engine: (x: number) => x ** 1.7,
    values: spread(0.001, 10),
  },
];

let sink = 0;

/** A loop of its own for each function: a shared one would stop inlining what it calls. */
function loop(compute: (x: number) => number, values: Float64Array): () => void {
  const body = "let sum = 0; for (let i = 0; i < values.length; i++) sum += compute(values[i]); return sum;";
  // oxlint-disable-next-line typescript/no-implied-eval
  const run = new Function("compute", "values", body) as (f: typeof compute, v: Float64Array) => number;
  return () => {
    sink += run(compute, values);
  };
}

for (const { name, ours, engine, values } of cases) {
  describe(`1,000 × ${name}`, () => {
    bench("core-math", loop(ours, values));
    bench("the engine's", loop(engine, values));
  });
}

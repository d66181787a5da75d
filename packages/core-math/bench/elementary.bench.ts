import { bench, describe } from "vitest";
import { built } from "./built.js";
import { loop, spread } from "./loop.js";

const { cos, exp, log, pow, sin, tanh } = built;

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

for (const { name, ours, engine, values } of cases) {
  describe(`1,000 × ${name}`, () => {
    bench("core-math", loop(ours, values));
    bench("the engine's", loop(engine, values));
  });
}

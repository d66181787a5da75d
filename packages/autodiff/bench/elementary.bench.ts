import { bench, describe } from "vitest";
import { sigmoid, softplus } from "../src/primitives/elementwise.js";
import { enableRelaxedSimd } from "../src/node.js";
import { arrayFunction } from "../test/vector-math.js";
import type { MathName } from "../src/executors/webassembly/math/math-function.js";

/** A million elements, as an array in cache many times: a mean in milliseconds is one in nanoseconds an element. */
const [LENGTH, ROUNDS] = [4000, 250];

/** What JavaScript would be used otherwise. */
const scalar: Readonly<Record<Exclude<MathName, "erf">, (x: number) => number>> = {
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sigmoid,
  softplus,
  sin: Math.sin,
  cos: Math.cos,
};

const everyday = Float32Array.from({ length: LENGTH }, (_, i) => (((i * 2741) % LENGTH) / LENGTH - 0.5) * 12);
const forms = enableRelaxedSimd() ? [false, true] : [false];

const names = [...(Object.keys(scalar) as (keyof typeof scalar)[]), "erf" as const];

describe.each(names)("%s, ms = ns an element", (name) => {
  const values = name === "log" ? everyday.map((x) => 2 ** x) : everyday;
  for (const relaxed of forms) {
    for (const form of ["in place", "called"] as const) {
      const { input, run } = arrayFunction(name, { relaxed }, LENGTH, form);
      input.set(values);
      bench(`${relaxed ? "relaxed" : "plain"} SIMD, ${form}`, () => {
        for (let round = 0; round < ROUNDS; round++) run();
      });
    }
  }
  if (name === "erf") return;
  const compute = scalar[name];
  const out = new Float32Array(LENGTH);
  bench("JavaScript", () => {
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = 0; i < LENGTH; i++) out[i] = compute(values[i]);
    }
  });
});

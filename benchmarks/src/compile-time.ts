import type { Benchmark } from "./harness/benchmark.js";
import { freshContender } from "./harness/fresh-process.js";
import { measure } from "./harness/measure.js";
import { pythonContender } from "./harness/python.js";
import { microseconds, milliseconds } from "./harness/row.js";

/** What a program costs before it is fast. */
export const compileTime: Benchmark = {
  name: "compile",
  summary: "the PPO update in fresh processes: compile, first run, and a run once it is fast",
  rounds: 5,
  run: async (_, settings) => {
    const uphill = (part: string) => freshContender("Uphill", "compile-once", [part], settings);
    const jax = pythonContender("JAX", { script: "compile_jax.py", parameters: [64, 64], process: "fresh" }, settings);
    const once = true;
    return [
      ...(await measure({ name: "compile", figure: milliseconds, target: 50, once, contenders: [uphill("compile"), jax] }, settings)),
      ...(await measure({ name: "first run", figure: milliseconds, once, contenders: [uphill("first")] }, settings)),
      ...(await measure({ name: "steady run", figure: microseconds, once, contenders: [uphill("steady")] }, settings)),
    ];
  },
};

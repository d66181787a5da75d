import type { Algorithm } from "@uphill/training";
import { a3cOptions, a3cPresets } from "./a3c-options.js";
import { a3c, resumeA3c } from "./a3c.js";

/** A3C as command lines, forms and pages see it. */
export const a3cAlgorithm: Algorithm<typeof a3cOptions> = {
  name: "a3c",
  summary: "Asynchronous advantage actor-critic: workers on threads learn at the same time, on parameters that they share",
  options: a3cOptions,
  presets: a3cPresets,
  create: (env, options, seed) => a3c({ env, seed, ...options }),
  resume: (checkpoint, env) => resumeA3c(checkpoint, env),
};

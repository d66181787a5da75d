import type { Algorithm } from "@uphill/training";
import { a2cOptions, a2cPresets } from "./a2c-options.js";
import { a2c, resumeA2c } from "./a2c.js";

/** A2C as command lines, forms and pages see it. */
export const a2cAlgorithm: Algorithm<typeof a2cOptions> = {
  name: "a2c",
  summary: "Advantage actor-critic, synchronous: one update from each short rollout of many environments",
  options: a2cOptions,
  presets: a2cPresets,
  create: (env, options, seed) => a2c({ env, seed, ...options }),
  resume: resumeA2c,
};

import type { Algorithm } from "@uphill/training";
import { trpoOptions, trpoPresets } from "./trpo-options.js";
import { resumeTrpo, trpo } from "./trpo.js";

/** TRPO as command lines, forms and pages see it. */
export const trpoAlgorithm: Algorithm<typeof trpoOptions> = {
  name: "trpo",
  summary: "Trust Region Policy Optimisation: natural gradient steps within a bound on the KL divergence",
  options: trpoOptions,
  presets: trpoPresets,
  create: (env, options, seed) => trpo({ env, seed, ...options }),
  resume: resumeTrpo,
};

import type { Algorithm } from "@uphill/training";
import { normalizedGradientOptions, normalizedGradientPresets } from "./normalized-gradient-options.js";
import { normalizedGradient, resumeNormalizedGradient } from "./normalized-gradient.js";

/** Steps in parameter space as command lines, forms and pages see them. */
export const normalizedGradientAlgorithm: Algorithm<typeof normalizedGradientOptions> = {
  name: "normalized-gradient",
  summary: "Policy gradient: steps of a given length in parameter space",
  options: normalizedGradientOptions,
  presets: normalizedGradientPresets,
  create: (env, options, seed) => normalizedGradient({ env, seed, ...options }),
  resume: resumeNormalizedGradient,
};

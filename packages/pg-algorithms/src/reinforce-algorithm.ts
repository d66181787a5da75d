import type { Algorithm } from "@uphill/training";
import { reinforceOptions, reinforcePresets } from "./reinforce-options.js";
import { reinforce, resumeReinforce } from "./reinforce.js";

/** REINFORCE as command lines, forms and pages see it. */
export const reinforceAlgorithm: Algorithm<typeof reinforceOptions> = {
  name: "reinforce",
  summary: "REINFORCE: the policy gradient from the returns of whole episodes, less a baseline",
  options: reinforceOptions,
  presets: reinforcePresets,
  create: (env, options, seed) => reinforce({ env, seed, ...options }),
  resume: resumeReinforce,
};

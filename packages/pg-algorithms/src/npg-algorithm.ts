import type { Algorithm } from "@uphill/training";
import { npgOptions, npgPresets } from "./npg-options.js";
import { npg, resumeNpg } from "./npg.js";

/** The natural policy gradient as command lines, forms and pages see it. */
export const npgAlgorithm: Algorithm<typeof npgOptions> = {
  name: "npg",
  summary: "Natural policy gradient: steps of a given KL divergence, without a line search",
  options: npgOptions,
  presets: npgPresets,
  create: (env, options, seed) => npg({ env, seed, ...options }),
  resume: resumeNpg,
};

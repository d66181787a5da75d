import type { Algorithm } from "@uphill/training";
import { policyGradientOptions, policyGradientPresets } from "./policy-gradient-options.js";
import { policyGradient, resumePolicyGradient } from "./policy-gradient.js";

/** The policy gradient with a learned baseline as command lines, forms and pages see it. */
export const policyGradientAlgorithm: Algorithm<typeof policyGradientOptions> = {
  name: "policy-gradient",
  summary: "Policy gradient with a learned baseline: whole episodes or rollouts, minibatches, generalised advantages",
  options: policyGradientOptions,
  presets: policyGradientPresets,
  create: (env, options, seed) => policyGradient({ env, seed, ...options }),
  resume: resumePolicyGradient,
};

import type { Algorithm } from "@uphill/training";
import { klPenaltyOptions, klPenaltyPresets } from "./kl-penalty-options.js";
import { klPenalty, resumeKlPenalty } from "./kl-penalty.js";

/** KL-penalised policy optimisation as command lines, forms and pages see it. */
export const klPenaltyAlgorithm: Algorithm<typeof klPenaltyOptions> = {
  name: "kl-penalty",
  summary: "PPO with a KL penalty whose multiplier adapts, in place of clipping",
  options: klPenaltyOptions,
  presets: klPenaltyPresets,
  create: (env, options, seed) => klPenalty({ env, seed, ...options }),
  resume: resumeKlPenalty,
};

import type { Algorithm } from "@uphill/training";
import { ppoOptions, ppoPresets } from "./ppo-options.js";
import { ppo, resumePpo } from "./ppo.js";

/** PPO as command lines, forms and pages see it. */
export const ppoAlgorithm: Algorithm<typeof ppoOptions> = {
  name: "ppo",
  summary: "Proximal Policy Optimisation: the clipped surrogate, several epochs over each rollout",
  options: ppoOptions,
  presets: ppoPresets,
  create: (env, options, seed) => ppo({ env, seed, ...options }),
  resume: resumePpo,
};

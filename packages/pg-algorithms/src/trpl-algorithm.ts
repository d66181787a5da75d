import type { Box, EnvironmentSource } from "@uphill/envs";
import type { Algorithm } from "@uphill/training";
import { trplOptions, trplPresets } from "./trpl-options.js";
import { resumeTrpl, trpl } from "./trpl.js";

/** Trust-region projection layers as command lines, forms and pages see them. */
export const trplAlgorithm: Algorithm<typeof trplOptions> = {
  name: "trpl",
  summary: "Trust-region projection layers: Gaussian policies projected into a trust region, state by state",
  options: trplOptions,
  presets: trplPresets,
  // What other actions an environment has is refused when the agent is made.
  create: (env, options, seed) => trpl({ env: env as EnvironmentSource<Box>, seed, ...options }),
  resume: (checkpoint, env) => resumeTrpl(checkpoint, env as EnvironmentSource<Box>),
};

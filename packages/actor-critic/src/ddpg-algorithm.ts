import type { Box, EnvironmentSource } from "@uphill/envs";
import type { Algorithm, ReplayBuffer } from "@uphill/training";
import { ddpgOptions, ddpgPresets } from "./ddpg-options.js";
import { resumeDdpg, ddpg } from "./ddpg.js";

/** DDPG as command lines, forms and pages see it. */
export const ddpgAlgorithm: Algorithm<typeof ddpgOptions> = {
  name: "ddpg",
  summary: "Deep deterministic policy gradients: a policy that climbs its critic's gradient",
  options: ddpgOptions,
  presets: ddpgPresets,
  create: (env, options, seed) => ddpg({ env: env as EnvironmentSource<Box>, seed, ...options }),
  createOffline: ({ transitions, ...name }, options, seed) => ddpg({ transitions: transitions as ReplayBuffer<Box>, ...name, seed, ...options }),
  resume: (checkpoint, env) => resumeDdpg(checkpoint, env as EnvironmentSource<Box>),
};

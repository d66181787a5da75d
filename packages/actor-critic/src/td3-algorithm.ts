import type { Box, EnvironmentSource } from "@uphill/envs";
import type { Algorithm, ReplayBuffer } from "@uphill/training";
import { td3Options, td3Presets } from "./td3-options.js";
import { resumeTd3, td3 } from "./td3.js";

/** TD3 as command lines, forms and pages see it. */
export const td3Algorithm: Algorithm<typeof td3Options> = {
  name: "td3",
  summary: "Twin delayed DDPG: the smaller of two critics, smoothed targets, a policy that waits",
  options: td3Options,
  presets: td3Presets,
  create: (env, options, seed) => td3({ env: env as EnvironmentSource<Box>, seed, ...options }),
  createOffline: ({ transitions, ...name }, options, seed) => td3({ transitions: transitions as ReplayBuffer<Box>, ...name, seed, ...options }),
  resume: (checkpoint, env) => resumeTd3(checkpoint, env as EnvironmentSource<Box>),
};

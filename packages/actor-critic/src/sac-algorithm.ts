import type { Box, EnvironmentSource } from "@uphill/envs";
import type { Algorithm, ReplayBuffer } from "@uphill/training";
import { sacOptions, sacPresets } from "./sac-options.js";
import { resumeSac, sac } from "./sac.js";

/** SAC as command lines, forms and pages see it. */
export const sacAlgorithm: Algorithm<typeof sacOptions> = {
  name: "sac",
  summary: "Soft actor-critic: twin critics and a stochastic policy that is paid for its entropy",
  options: sacOptions,
  presets: sacPresets,
  create: (env, options, seed) => sac({ env: env as EnvironmentSource<Box>, seed, ...options }),
  createOffline: ({ transitions, ...name }, options, seed) => sac({ transitions: transitions as ReplayBuffer<Box>, ...name, seed, ...options }),
  resume: (checkpoint, env) => resumeSac(checkpoint, env as EnvironmentSource<Box>),
};

import type { Algorithm } from "@uphill/training";
import { actorCriticOptions, actorCriticPresets } from "./actor-critic-options.js";
import { actorCritic, resumeActorCritic } from "./actor-critic.js";

/** Actor-critic as command lines, forms and pages see it. */
export const actorCriticAlgorithm: Algorithm<typeof actorCriticOptions> = {
  name: "actor-critic",
  summary: "Actor-critic, online: an update after every step by its temporal-difference error, with eligibility traces",
  options: actorCriticOptions,
  presets: actorCriticPresets,
  create: (env, options, seed) => actorCritic({ env, seed, ...options }),
  resume: resumeActorCritic,
};

import type { Configuration } from "../configuration.js";

/** PPO with its details switched off one by one, beside TRPO. */
export const ablation: readonly Configuration[] = [];

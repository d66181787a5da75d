import type { EnvironmentDefinition } from "@uphill/envs";
import { lunarLander, lunarLanderContinuous } from "./lunar-lander.js";

/** Every environment of this package, in the order in which lists show them. */
export const box2dEnvironments: readonly EnvironmentDefinition[] = Object.freeze([lunarLander, lunarLanderContinuous]);

export { landingAction, landingThrottles } from "./landing-controller.js";
export { lunarLander, lunarLanderContinuous, lunarLanderContinuousWith, lunarLanderWith } from "./lunar-lander.js";
export type { LunarLanderOptions } from "./lunar-lander.js";
export { box2dEnvironments } from "./registry.js";

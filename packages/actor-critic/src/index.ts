export { a2cAlgorithm } from "./a2c-algorithm.js";
export { a2cOptions, a2cPresets } from "./a2c-options.js";
export type { A2cOptions, A2cReport, A2cResolvedOptions, A2cSettings } from "./a2c-options.js";
export { a2c, a2cLoss, resumeA2c } from "./a2c.js";
export type { A2cLossInputs } from "./a2c.js";
export { actorCriticAlgorithm } from "./actor-critic-algorithm.js";
export { actorCriticOptions, actorCriticPresets } from "./actor-critic-options.js";
export type {
  ActorCriticOptions,
  ActorCriticReport,
  ActorCriticResolvedOptions,
  ActorCriticSettings,
} from "./actor-critic-options.js";
export { actorCritic, resumeActorCritic } from "./actor-critic.js";
export { sacAlgorithm } from "./sac-algorithm.js";
export { sacOptions, sacPresets } from "./sac-options.js";
export type { SacOptions, SacReport, SacResolvedOptions, SacSettings } from "./sac-options.js";
export { resumeSac, sac, sacLosses, softValue } from "./sac.js";
export type { SacLossInputs } from "./sac.js";
export type { OffPolicySettings } from "./off-policy-settings.js";

export { a2cAlgorithm } from "./a2c-algorithm.js";
export { a2cOptions, a2cPresets } from "./a2c-options.js";
export type { A2cOptions, A2cReport, A2cResolvedOptions, A2cSettings } from "./a2c-options.js";
export { a2c, resumeA2c } from "./a2c.js";
export { a3cAlgorithm } from "./a3c-algorithm.js";
export { a3cOptions, a3cPresets } from "./a3c-options.js";
export type { A3cOptions, A3cReport, A3cResolvedOptions, A3cSettings } from "./a3c-options.js";
export { a3c, resumeA3c } from "./a3c.js";
export { actorCriticAlgorithm } from "./actor-critic-algorithm.js";
export { actorCriticLoss } from "./actor-critic-loss.js";
export type { ActorCriticLossInputs } from "./actor-critic-loss.js";
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
export type { ShortRolloutOptions, ShortRolloutReport, ShortRolloutSettings } from "./short-rollouts.js";
export type { ExplorationNoiseSettings } from "./off-policy-settings.js";
export { td3Algorithm } from "./td3-algorithm.js";
export { td3Options, td3Presets } from "./td3-options.js";
export type { Td3Options, Td3Report, Td3ResolvedOptions, Td3Settings } from "./td3-options.js";
export { resumeTd3, td3, td3Losses } from "./td3.js";
export type { Td3LossInputs } from "./td3.js";
export { ddpgAlgorithm } from "./ddpg-algorithm.js";
export { ddpgOptions, ddpgPresets } from "./ddpg-options.js";
export type { DdpgOptions, DdpgReport, DdpgResolvedOptions, DdpgSettings } from "./ddpg-options.js";
export { ddpg, ddpgLosses, resumeDdpg } from "./ddpg.js";
export type { DdpgLossInputs } from "./ddpg.js";

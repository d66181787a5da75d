export { ppoAlgorithm } from "./ppo-algorithm.js";
export { ppoOptions, ppoPresets } from "./ppo-options.js";
export type { PpoOptions, PpoReport, PpoResolvedOptions, PpoSettings } from "./ppo-options.js";
export type { OnPolicySettings } from "./on-policy-settings.js";
export { ppo, ppoLoss, resumePpo } from "./ppo.js";
export type { PpoLossInputs } from "./ppo.js";

export type { EpochSettings } from "./epoch-settings.js";
export { klPenaltyAlgorithm } from "./kl-penalty-algorithm.js";
export { klPenaltyOptions, klPenaltyPresets } from "./kl-penalty-options.js";
export type { KlPenaltyOptions, KlPenaltyReport, KlPenaltyResolvedOptions, KlPenaltySettings } from "./kl-penalty-options.js";
export { klPenalty, klPenaltyLoss, resumeKlPenalty } from "./kl-penalty.js";
export type { KlPenaltyLossInputs } from "./kl-penalty.js";
export { normalizedGradientAlgorithm } from "./normalized-gradient-algorithm.js";
export { normalizedGradientOptions, normalizedGradientPresets } from "./normalized-gradient-options.js";
export type {
  NormalizedGradientOptions, NormalizedGradientReport, NormalizedGradientResolvedOptions, NormalizedGradientSettings,
} from "./normalized-gradient-options.js";
export { normalizedGradient, resumeNormalizedGradient } from "./normalized-gradient.js";
export { npgAlgorithm } from "./npg-algorithm.js";
export { npgOptions, npgPresets } from "./npg-options.js";
export type { NpgOptions, NpgReport, NpgResolvedOptions, NpgSettings } from "./npg-options.js";
export { npg, resumeNpg } from "./npg.js";
export { policyGradientAlgorithm } from "./policy-gradient-algorithm.js";
export { policyGradientOptions, policyGradientPresets } from "./policy-gradient-options.js";
export type {
  PolicyGradientOptions,
  PolicyGradientReport,
  PolicyGradientResolvedOptions,
  PolicyGradientSettings,
} from "./policy-gradient-options.js";
export { policyGradient, resumePolicyGradient } from "./policy-gradient.js";
export { reinforceAlgorithm } from "./reinforce-algorithm.js";
export { reinforceOptions, reinforcePresets } from "./reinforce-options.js";
export type { ReinforceOptions, ReinforceReport, ReinforceResolvedOptions, ReinforceSettings } from "./reinforce-options.js";
export { reinforce, reinforceLoss, resumeReinforce } from "./reinforce.js";
export type { ReinforceLossInputs } from "./reinforce.js";
export { ppoAlgorithm } from "./ppo-algorithm.js";
export { ppoOptions, ppoPresets } from "./ppo-options.js";
export type { PpoOptions, PpoReport, PpoResolvedOptions, PpoSettings } from "./ppo-options.js";
export { ppo, ppoLoss, resumePpo } from "./ppo.js";
export type { PpoLossInputs } from "./ppo.js";
export { trplAlgorithm } from "./trpl-algorithm.js";
export { trplOptions, trplPresets } from "./trpl-options.js";
export type { TrplOptions, TrplReport, TrplResolvedOptions, TrplSettings } from "./trpl-options.js";
export { projectedPolicy, resumeTrpl, trpl, trplLoss } from "./trpl.js";
export type { TrplLossInputs } from "./trpl.js";
export { trpoAlgorithm } from "./trpo-algorithm.js";
export { trpoOptions, trpoPresets } from "./trpo-options.js";
export type { TrpoOptions, TrpoReport, TrpoResolvedOptions, TrpoSettings } from "./trpo-options.js";
export { resumeTrpo, trpo, trpoObjective, TrustRegionStep } from "./trpo.js";
export type { ObjectiveFeeds, TrpoObjectiveInputs } from "./trpo.js";
export { vineSurrogate } from "./vine-surrogate.js";
export type { VineSurrogateInputs } from "./vine-surrogate.js";

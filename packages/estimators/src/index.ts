export { gaeAdvantages } from "./gae-advantages.js";
export type { GaeRollout } from "./gae-advantages.js";
export { bootstrappedReturns, discountedReturns } from "./returns.js";
export type { BootstrappedRolloutArrays, RolloutArrays, ValuedRolloutArrays } from "./rollout.js";
export { tdErrorsPerStep } from "./td-errors-per-step.js";

export { gaeAdvantages } from "./gae-advantages.js";
export type { GaeRollout } from "./gae-advantages.js";
export { bootstrappedReturns, discountedReturns } from "./returns.js";
export type { RolloutArrays, ValuedRolloutArrays } from "./rollout.js";
export { tdErrors } from "./td-errors.js";

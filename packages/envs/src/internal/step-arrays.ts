import type { StepResults } from "../environment.js";

/** Room for what N environments answer to one step. */
export function stepArrays(count: number, observationSize: number): StepResults {
  return {
    observations: new Float32Array(count * observationSize),
    rewards: new Float64Array(count),
    terminated: new Uint8Array(count),
    truncated: new Uint8Array(count),
  };
}

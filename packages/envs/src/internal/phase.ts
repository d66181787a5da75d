import { StateError } from "@uphill/core-math";

const WHAT_IS_MISSING = {
  new: "a reset first, as no episode is under way",
  running: "a reset first",
  stepping: "the step under way to end first",
  broken: "a reset first, as the last call failed halfway",
  closed: "an open environment, but it was closed",
};

/** What a vector environment is about. */
export type Phase = keyof typeof WHAT_IS_MISSING;

/** The error of a call that the phase does not allow. */
export function outOfPhase(call: string, id: string, phase: Phase): StateError {
  return new StateError(`${call} of ${id}: expected ${WHAT_IS_MISSING[phase]}`);
}

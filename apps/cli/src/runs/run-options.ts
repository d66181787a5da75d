import { OptionError } from "@uphill/core-math";
import { defineOptions } from "@uphill/training";
import type { OptionsOf } from "@uphill/training";
import type { SelectionPlan } from "./selection.js";

/** How many times the episodes of a small evaluation the larger one plays. */
const confirmationFactor = 5;

/** What a run takes beside the algorithm's options. */
export const runOptions = defineOptions({
  steps: {
    kind: "integer",
    default: 100_000,
    range: { least: 1 },
    meaning: "environment steps to train for, rounded up to a whole step of all environments",
  },
  seed: {
    kind: "integer",
    default: 0,
    range: { least: 0 },
    meaning: "fixes the whole run",
  },
  overwrite: {
    kind: "boolean",
    default: false,
    meaning: "delete the run that is in the folder already",
  },
  evaluateEvery: {
    kind: "integer",
    default: null,
    nullable: true,
    range: { least: 1 },
    meaning: "environment steps between evaluations, by which the best policy is kept",
  },
  evaluationEpisodes: {
    kind: "integer",
    default: 20,
    range: { least: 1, most: 1_000_000 },
    meaning: `episodes of an evaluation; what looks best is evaluated on ${confirmationFactor} times as many others`,
  },
  stopAt: {
    kind: "number",
    default: null,
    nullable: true,
    meaning: "mean return at which training stops, once the larger evaluation confirms it",
  },
  checkpointEvery: {
    kind: "number",
    default: 10,
    range: { least: 0 },
    unit: "seconds",
    meaning: "least time between two checkpoints",
  },
});

/**
 * How policies are judged, by the options of a run; null where they are not.
 *
 * @throws OptionError for a goal without evaluations.
 */
export function selectionPlan(settings: OptionsOf<typeof runOptions>): SelectionPlan | null {
  const { evaluateEvery: every, evaluationEpisodes: episodes, stopAt: goal } = settings;
  if (every !== null) return { every, episodes, confirmationEpisodes: confirmationFactor * episodes, goal };
  if (goal === null) return null;
  throw new OptionError("--stop-at: expected --evaluate-every with it, since evaluations decide when to stop, got none");
}

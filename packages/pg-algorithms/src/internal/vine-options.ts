import { defineOptions } from "@uphill/training";

/** Options of how TRPO judges actions. */
export const vineOptions = defineOptions({
  sampling: {
    kind: "choice",
    default: "singlePath",
    choices: ["singlePath", "vine"],
    meaning: "judge actions along the path that is played, or by branches from its states",
  },
  credit: {
    kind: "choice",
    default: "advantage",
    choices: ["advantage", "return"],
    meaning: "credit actions of a single path with their advantage, or with the rewards that followed",
  },
  restartEpisodes: {
    kind: "boolean",
    default: false,
    meaning: "begin new episodes with each rollout",
  },
  vineStates: {
    kind: "integer",
    default: 8,
    range: { least: 1, most: 65_536 },
    meaning: "states of each environment that a vine branches from in a rollout",
  },
  vineActions: {
    kind: "integer",
    default: null,
    nullable: true,
    range: { least: 2, most: 256 },
    meaning: "actions that a vine samples in each; none for all of a discrete space",
  },
  vineSteps: {
    kind: "integer",
    default: 32,
    range: { least: 1, most: 1_048_576 },
    unit: "steps",
    meaning: "steps of a vine's branches at the most",
  },
});

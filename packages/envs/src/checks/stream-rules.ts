import { type Probe, play } from "./probe.js";
import { firstObservations, OWN_STREAM } from "./reset-rules.js";
import type { Rule } from "./rule.js";
import { sameValue } from "./same-value.js";

const SEEDS: readonly number[] = [0, 1, 2, 3];
const STEPS = 50;

/** What different seeds must do. */
export const streamRules: readonly Rule[] = [
  {
    name: "seed-matters",
    remedy: `${OWN_STREAM}: another seed then gives another stream.`,
    needs: ["repeatable", "stream-repeats"],
    check(probe) {
      const records = SEEDS.map((seed) => record(probe, seed));
      if (!isRandom(probe) || records.some((other) => !sameValue(other, records[0]))) return undefined;
      return `seeds ${SEEDS.join(", ")}: gave the same episodes, although episodes after one seed differ`;
    },
  },
];

function record(probe: Probe, seed: number): unknown {
  const environment = probe.make();
  return [firstObservations(environment, seed), play(environment, STEPS)];
}

/** Whether episodes after one seed differ from each other: in how they begin, or in what the same actions lead to. */
function isRandom(probe: Probe): boolean {
  const environment = probe.make();
  const episodes = [environment.reset({ seed: 0 }).slice(), environment.reset().slice(), environment.reset().slice()];
  if (episodes.some((observation) => !sameValue(observation, episodes[0]))) return true;
  const runs = SEEDS.map(() => {
    environment.reset();
    return play(environment, STEPS);
  });
  return runs.some((run) => !sameValue(run, runs[0]));
}

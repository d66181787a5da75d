import type { EnvironmentDefinition } from "@uphill/envs";
import { ppoOptions, ppoPresets } from "@uphill/pg-algorithms";
import { defineOptions, resolveOptions } from "@uphill/training";
import type { OptionsOf } from "@uphill/training";

/** What a run has beside the algorithm's options; a schema too, so that the form treats all fields alike. */
const budgetOptions = defineOptions({
  steps: {
    kind: "integer",
    default: 100_000,
    range: { least: 1, most: 100_000_000 },
    unit: "steps",
    meaning: "environment steps to train for",
  },
  seed: {
    kind: "integer",
    default: 1,
    range: { least: 0, most: Number.MAX_SAFE_INTEGER },
    meaning: "fixes the whole run: the same seed gives the same training",
  },
});

/** Every option of a run: its budget and seed, then the algorithm's own. */
export const runOptions = { ...budgetOptions, ...ppoOptions };

/** The options of a run, all of them present. */
export type RunOptions = OptionsOf<typeof runOptions>;

/** The name of one of them. */
export type OptionName = keyof RunOptions;

/** The options that a form shows first; the others are there for who looks for them. */
export const firstOptions: readonly OptionName[] = [
  "steps",
  "seed",
  "environments",
  "rolloutSteps",
  "minibatchSize",
  "epochs",
  "learningRate",
  "clipRange",
  "gamma",
  "lambda",
  "entropyWeight",
];

/** Steps in which an environment is learned with its preset. */
const budgets: Readonly<Record<string, number>> = {
  "CartPole-v1": 50_000,
  "Pendulum-v1": 100_000,
  "LunarLander-v3": 300_000,
};

/** The options that a run on an environment begins with: its preset over the defaults. */
export function startingOptions({ id }: EnvironmentDefinition): RunOptions {
  const steps = budgets[id];
  return resolveOptions(runOptions, {}, { ...(steps === undefined ? {} : { steps }), ...ppoPresets[id] });
}

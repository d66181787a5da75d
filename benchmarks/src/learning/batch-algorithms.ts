import {
  amortizedFittedQ,
  fittedQIteration,
  gradientAscent,
  networkRegression,
  nfqca,
  nfqcaOptions,
  sampledSoftMaximum,
} from "@uphill/actor-critic";
import type { FittedQ } from "@uphill/actor-critic";
import type { Box } from "@uphill/envs";
import { defineOptions, PolicyActor, resolveOptions } from "@uphill/training";
import type { Actor, GivenOptions, OptionSchema, OptionsOf, ReplayBuffer } from "@uphill/training";

/** What a batch algorithm learns from, and with. */
interface BatchTask {
  readonly transitions: ReplayBuffer<Box>;
  readonly options: GivenOptions<OptionSchema>;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Hears of each iteration and of the policy after it, and is waited for. */
  readonly onIteration: (iteration: number, actor: Actor<Box>) => Promise<void>;
}

/** An algorithm that learns from transitions which are there from the start, in `iterations`, one of its options. */
export interface BatchAlgorithm {
  readonly name: string;
  readonly options: OptionSchema;
  readonly presets: Readonly<Record<string, GivenOptions<OptionSchema>>>;
  learn(task: BatchTask): Promise<void>;
}

const stepSizeOfAdam = { kind: "number", default: 1e-3, range: { above: 0 }, meaning: "step size of Adam at the start of each fit" } as const;

/** Of each fitted Q-iteration: how Q is fitted. */
const fitOptions = defineOptions({
  gamma: nfqcaOptions.gamma,
  iterations: { ...nfqcaOptions.iterations, meaning: "fits of Q" },
  hiddenWidths: nfqcaOptions.hiddenWidths,
  activation: nfqcaOptions.activation,
  epochs: { ...nfqcaOptions.criticEpochs, default: 20, meaning: "passes over the transitions in each fit of Q" },
  minibatchSize: { ...nfqcaOptions.minibatchSize, default: 128 },
  learningRate: stepSizeOfAdam,
});

const fittedQOptions = defineOptions({
  ...fitOptions,
  starts: { kind: "integer", default: 1, range: { least: 0 }, meaning: "random starts of gradient ascent in each state" },
  ascentSteps: { kind: "integer", default: 15, range: { least: 1 }, meaning: "steps from each start" },
  stepSize: { kind: "number", default: 0.3, range: { above: 0, most: 2 }, meaning: "length of a step, on the scale of the bounds" },
});

const smoothFittedQOptions = defineOptions({
  ...fitOptions,
  temperature: { kind: "number", default: 0.1, range: { above: 0 }, meaning: "β of the smooth maximum" },
  samples: { kind: "integer", default: 64, range: { least: 1 }, meaning: "actions drawn in each state" },
});

const amortizedFittedQOptions = defineOptions({
  ...fittedQOptions,
  subset: { kind: "integer", default: 1000, range: { least: 1 }, meaning: "states whose maximisers are searched for in an iteration" },
  window: { kind: "integer", default: 5, range: { least: 1 }, meaning: "iterations whose maximisers the policy is fitted to" },
  policyEpochs: { kind: "integer", default: 20, range: { least: 1 }, meaning: "passes over the window in each fit of the policy" },
  policyLearningRate: stepSizeOfAdam,
});

/** All options: what decides a result is recorded with it, and is no default of another package. */
function pendulumPreset(options: OptionSchema): BatchAlgorithm["presets"] {
  return { "Pendulum-v1": resolveOptions(options, { gamma: 0.95, iterations: 60 }) as GivenOptions<OptionSchema> };
}

/** All of them. */
export const batchAlgorithms: readonly BatchAlgorithm[] = [
  {
    name: "fitted-q",
    options: fittedQOptions,
    presets: pendulumPreset(fittedQOptions),
    learn: async (task) => {
      const settings = resolveOptions(fittedQOptions, task.options);
      await fittedQIteration({ ...common(task, settings), maximize: ascent(task, settings) });
    },
  },
  {
    name: "smooth-fitted-q",
    options: smoothFittedQOptions,
    presets: pendulumPreset(smoothFittedQOptions),
    learn: async (task) => {
      const settings = resolveOptions(smoothFittedQOptions, task.options);
      const { temperature, samples } = settings;
      await fittedQIteration({ ...common(task, settings), maximize: sampledSoftMaximum({ temperature, samples, seed: task.seed }) });
    },
  },
  {
    name: "amortized-fitted-q",
    options: amortizedFittedQOptions,
    presets: pendulumPreset(amortizedFittedQOptions),
    learn: async (task) => {
      const settings = resolveOptions(amortizedFittedQOptions, task.options);
      const { subset, window, policyEpochs, policyLearningRate, hiddenWidths, activation } = settings;
      const policy = { subset, window, policyEpochs, policyLearningRate, hiddenWidths, activation, seed: task.seed };
      await amortizedFittedQ({ ...common(task, settings), maximize: ascent(task, settings), ...policy });
    },
  },
  {
    name: "nfqca",
    options: nfqcaOptions,
    presets: { "Pendulum-v1": resolveOptions(nfqcaOptions, { gamma: 0.95 }) },
    learn: async ({ transitions, options, seed, signal, onIteration }) => {
      await nfqca({
        transitions,
        ...(options as GivenOptions<typeof nfqcaOptions>),
        seed,
        signal,
        onIteration: async ({ iteration, policy }) => onIteration(iteration, new PolicyActor(policy)),
      });
    },
  },
];

/** What the fitted Q-iterations have in common here. They end by their limit: no tolerance is small against a network's noise. */
function common({ transitions, seed, signal, onIteration }: BatchTask, settings: OptionsOf<typeof fitOptions>) {
  const { gamma, iterations, hiddenWidths, activation, epochs, minibatchSize, learningRate } = settings;
  return {
    transitions,
    fit: networkRegression({ hiddenWidths, activation, epochs, minibatchSize, learningRate, seed }),
    gamma,
    maxIterations: iterations,
    tolerance: Number.MIN_VALUE,
    signal,
    onIteration: async (found: FittedQ<Box>) => onIteration(found.iterations, actorOf(found)),
  };
}

function ascent({ seed }: BatchTask, { starts, ascentSteps: steps, stepSize }: OptionsOf<typeof fittedQOptions>) {
  return gradientAscent({ starts, steps, stepSize, seed });
}

/** Plays what was found, one observation after the other. */
function actorOf({ observationSize, code, act }: FittedQ<Box>): Actor<Box> {
  const width = code.space.size;
  return {
    actionSpace: code.space,
    act(observations) {
      const actions = new Float32Array((observations.length / observationSize) * width);
      for (let n = 0; n * width < actions.length; n++) {
        actions.set(act(observations.subarray(n * observationSize, (n + 1) * observationSize)), n * width);
      }
      return actions;
    },
  };
}

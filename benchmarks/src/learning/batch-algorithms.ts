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
import { defineOptions, PolicyActor } from "@uphill/training";
import type { Actor, GivenOptions, OptionSchema, ReplayBuffer } from "@uphill/training";

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

const fittedQOptions = defineOptions({
  gamma: nfqcaOptions.gamma,
  iterations: { ...nfqcaOptions.iterations, meaning: "fits of Q" },
});

const smoothFittedQOptions = defineOptions({
  ...fittedQOptions,
  temperature: { kind: "number", default: 0.1, range: { above: 0 }, meaning: "β of the smooth maximum" },
});

const preset = { "Pendulum-v1": { gamma: 0.95, iterations: 60 } };

/** All of them. */
export const batchAlgorithms: readonly BatchAlgorithm[] = [
  {
    name: "fitted-q",
    options: fittedQOptions,
    presets: preset,
    learn: async (task) => {
      const maximize = gradientAscent({ starts: 1, steps: 15, seed: task.seed });
      await fittedQIteration({ ...common(task), maximize });
    },
  },
  {
    name: "smooth-fitted-q",
    options: smoothFittedQOptions,
    presets: preset,
    learn: async (task) => {
      const maximize = sampledSoftMaximum({ temperature: Number(task.options["temperature"] ?? 0.1), seed: task.seed });
      await fittedQIteration({ ...common(task), maximize });
    },
  },
  {
    name: "amortized-fitted-q",
    options: fittedQOptions,
    presets: preset,
    learn: async (task) => {
      const maximize = gradientAscent({ starts: 1, steps: 15, seed: task.seed });
      await amortizedFittedQ({ ...common(task), maximize, seed: task.seed });
    },
  },
  {
    name: "nfqca",
    options: nfqcaOptions,
    presets: { "Pendulum-v1": { gamma: 0.95, iterations: 100 } },
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
function common({ transitions, options, seed, signal, onIteration }: BatchTask) {
  const { gamma, iterations } = options as GivenOptions<typeof fittedQOptions>;
  return {
    transitions,
    fit: networkRegression({ seed }),
    gamma,
    maxIterations: iterations,
    tolerance: Number.MIN_VALUE,
    signal,
    onIteration: async (found: FittedQ<Box>) => onIteration(found.iterations, actorOf(found)),
  };
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

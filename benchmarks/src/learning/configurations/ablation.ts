import type { Configuration } from "../configuration.js";
import { rowsOf } from "./rows.js";
import type { Row } from "./rows.js";

type Options = NonNullable<Configuration["options"]>;

/** PPO with all its details switched on, but for what is tuned to the environment. */
const allDetails: Options = {
  environments: 8,
  rolloutSteps: 256,
  minibatchSize: 128,
  epochs: 10,
  learningRate: { linear: [1e-3, 0] },
  hiddenWidths: [64, 64],
  activation: "tanh",
  initialWeights: "orthogonal",
  normalizeAdvantages: true,
  normalizeObservations: true,
  normalizeRewards: true,
  valueClipRange: 0.2,
  maxGradientNorm: 0.5,
};

/** What switches a detail off (Engstrom et al. 2020, section 3), the clipped ratio last. */
const switches: Readonly<Record<string, Options>> = {
  "all details": {},
  "no value clipping": { valueClipRange: null },
  "no reward scaling": { normalizeRewards: false },
  "no orthogonal initialisation": { initialWeights: "lecunUniform" },
  "no learning-rate annealing": { learningRate: 1e-3 },
  "no advantage normalisation": { normalizeAdvantages: false },
  "no observation normalisation": { normalizeObservations: false },
  "ReLU for tanh": { activation: "relu" },
  "no gradient clipping": { maxGradientNorm: 1e9 },
  "no ratio clipping": { clipRange: 10 },
};

/** TRPO as PPO is here, with and without the details that it can have. */
const trpo: Readonly<Record<string, Options>> = {
  "with PPO's details": { normalizeObservations: true, normalizeRewards: true, valueLearningRate: { linear: [1e-3, 0] } },
  plain: { normalizeObservations: false, normalizeRewards: false, initialWeights: "lecunUniform" },
};

const STEPS = 100_000;

function rowsFor(environment: string, tuned: Options): readonly Row[] {
  const shared = { environments: 8, rolloutSteps: 256, hiddenWidths: [64, 64], klRadius: 0.02 };
  return [
    ...Object.entries(switches).map(
      ([variant, off]): Row => ["ppo", environment, STEPS, null, { variant, options: { ...allDetails, ...tuned, ...off } }],
    ),
    ...Object.entries(trpo).map(
      ([variant, details]): Row => ["trpo", environment, STEPS, null, { variant, options: { ...shared, ...tuned, ...details } }],
    ),
  ];
}

/** PPO with its details switched off one by one, beside TRPO. */
export const ablation = rowsOf("ablation", [
  ...rowsFor("Acrobot-v1", { gamma: 0.99, lambda: 0.95 }),
  ...rowsFor("Pendulum-v1", { gamma: 0.95, lambda: 0.95 }),
]);

import { cartPole } from "@uphill/envs";
import { ppo } from "@uphill/pg-algorithms";
import type { PpoSettings } from "@uphill/pg-algorithms";
import type { Benchmark, Settings } from "./harness/benchmark.js";
import { measure } from "./harness/measure.js";
import { pythonContender } from "./harness/python.js";
import { stepsPerSecond } from "./harness/row.js";
import { trainingContender } from "./harness/training.js";

/** How PPO is set, and how long each contender's turn is, in rollouts. */
interface Setting {
  readonly ppo: Required<Pick<PpoSettings, "environments" | "rolloutSteps" | "minibatchSize" | "epochs">>;
  readonly target: number;
  readonly rollouts: number;
}

const commonSettings: readonly Setting[] = [
  { ppo: { environments: 8, rolloutSteps: 2048, minibatchSize: 64, epochs: 10 }, target: 37_000, rollouts: 2 },
  { ppo: { environments: 4, rolloutSteps: 128, minibatchSize: 128, epochs: 4 }, target: 83_000, rollouts: 100 },
];

/** PPO end to end on CartPole-v1. */
export const ppoTraining: Benchmark = {
  name: "ppo",
  summary: "environment steps a second that PPO trains on, CartPole-v1, at two common settings",
  rounds: 3,
  run: async (_, settings) => {
    const rows = [];
    for (const setting of commonSettings) rows.push(...(await measureSetting(setting, settings)));
    return rows;
  },
};

async function measureSetting({ ppo: setting, target, rollouts }: Setting, settings: Settings) {
  const { environments, rolloutSteps, minibatchSize, epochs } = setting;
  const parameters = [environments, rolloutSteps, minibatchSize, epochs];
  const work = {
    name: `${environments} × ${rolloutSteps} steps, minibatch ${minibatchSize}, ${epochs} epochs`,
    figure: stepsPerSecond,
    target,
    once: true,
    contenders: [
      trainingContender(ppo, cartPole, setting, rollouts * environments * rolloutSteps),
      pythonContender("Stable-Baselines3", { script: "ppo_sb3.py", parameters }, settings),
      pythonContender("JAX, all in one function", { script: "ppo_jax.py", parameters: [...parameters, rollouts] }, settings),
    ],
  };
  return measure(work, settings);
}

import { a2c } from "@uphill/actor-critic";
import { cartPole, pendulum } from "@uphill/envs";
import type { EnvironmentDefinition } from "@uphill/envs";
import { ppo, trpo } from "@uphill/pg-algorithms";
import { UsageError } from "./harness/benchmark.js";
import type { Benchmark, Settings } from "./harness/benchmark.js";
import type { Contender, Missing } from "./harness/contender.js";
import { measure } from "./harness/measure.js";
import { pythonContender } from "./harness/python.js";
import { stepsPerSecond } from "./harness/row.js";
import { trainingContender } from "./harness/training.js";

/** A2C, PPO and TRPO end to end on classic control, at the settings that Stable-Baselines3 has as defaults. */
export const onPolicyTraining: Benchmark = {
  name: "on-policy",
  summary: "environment steps a second that training takes on CartPole-v1 and Pendulum-v1, 64×64; [a2c | ppo | trpo], one of them",
  rounds: 5,
  run: async ([only], settings) => {
    if (only !== undefined && !names.some((name) => name === only)) {
      throw new UsageError(`ALGORITHM: expected one of ${names.join(", ")}, got ${only}`);
    }
    const rows = [];
    for (const env of [cartPole, pendulum] as readonly EnvironmentDefinition[]) {
      for (const algorithm of names.filter((name) => name === (only ?? name))) {
        const { setting, contenders } = worksOn(env, settings)[algorithm];
        const name = `${algorithm}, ${env.id}, ${setting}`;
        rows.push(...(await measure({ name, figure: stepsPerSecond, once: true, contenders }, settings)));
      }
    }
    return rows;
  },
};

const names = ["a2c", "ppo", "trpo"] as const;

/** How an algorithm is set, and who trains by it. */
interface Training {
  readonly setting: string;
  readonly contenders: readonly (Contender | Missing)[];
}

/** The defaults of all three have 64×64 networks. A2C's RMSprop and the minibatches of the others are defaults too. */
function worksOn(env: EnvironmentDefinition, settings: Settings): Readonly<Record<(typeof names)[number], Training>> {
  const rollout = { environments: 8, rolloutSteps: 256 };
  const short = { environments: 8, rolloutSteps: 5 };
  const steps = 8 * 256 * 8;
  const baselines = (name: string, { environments, rolloutSteps }: typeof rollout) =>
    pythonContender(
      "Stable-Baselines3",
      { script: "on_policy_sb3.py", parameters: [name, env.id, environments, rolloutSteps] },
      settings,
    );
  const oneFile = { script: "ppo_torch.py", parameters: [env.id, 8, 256, 64, 10] };
  return {
    a2c: { setting: "8 × 5 steps", contenders: [trainingContender(a2c, env, short, steps), baselines("a2c", short)] },
    ppo: {
      setting: "8 × 256 steps, minibatch 64, 10 epochs",
      contenders: [
        trainingContender(ppo, env, rollout, steps),
        baselines("ppo", rollout),
        pythonContender("PyTorch, one file", oneFile, settings),
      ],
    },
    trpo: {
      setting: "8 × 256 steps",
      contenders: [trainingContender(trpo, env, rollout, steps), baselines("trpo", rollout)],
    },
  };
}

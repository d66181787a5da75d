import type { Configuration } from "../configuration.js";

/** Algorithm, environment, steps, goal, and what else a configuration has. */
type Row = readonly [string, string, number, number, Pick<Configuration, "options" | "note">?];

const rows: readonly Row[] = [
  ["reinforce", "CartPole-v1", 500_000, 475],
  ["npg", "CartPole-v1", 500_000, 475],
  ["trpo", "CartPole-v1", 100_000, 475],
  ["ppo", "CartPole-v1", 100_000, 475],
  ["trpo", "Acrobot-v1", 100_000, -100],
  ["npg", "Pendulum-v1", 200_000, -180],
  ["trpo", "Pendulum-v1", 200_000, -180],
  ["ppo", "Pendulum-v1", 100_000, -180],
];

/** What learns from rollouts of the policy that it improves. */
export const onPolicy: readonly Configuration[] = rows.map(([algorithm, environment, steps, goal, more]) => ({
  name: `${algorithm}-${environment}`,
  family: "on-policy",
  algorithm,
  environment,
  steps,
  goal,
  ...more,
}));

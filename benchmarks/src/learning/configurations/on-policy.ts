import { rowsOf } from "./rows.js";

/** What learns from rollouts of the policy that it improves. */
export const onPolicy = rowsOf("on-policy", [
  ["reinforce", "CartPole-v1", 500_000, 475],
  ["a2c", "CartPole-v1", 500_000, 475],
  ["a3c", "CartPole-v1", 500_000, 475],
  ["npg", "CartPole-v1", 500_000, 475],
  ["trpo", "CartPole-v1", 100_000, 475],
  ["kl-penalty", "CartPole-v1", 500_000, 475],
  ["ppo", "CartPole-v1", 100_000, 475],
  ["a2c", "Acrobot-v1", 500_000, -90],
  ["trpo", "Acrobot-v1", 100_000, -100],
  ["ppo", "Acrobot-v1", 500_000, -90],
  ["trpo", "MountainCar-v0", 300_000, -115],
  ["ppo", "MountainCar-v0", 1_000_000, -115],
  ["npg", "Pendulum-v1", 200_000, -180],
  ["trpo", "Pendulum-v1", 200_000, -180],
  ["kl-penalty", "Pendulum-v1", 200_000, -180],
  ["trpl", "Pendulum-v1", 200_000, -180],
  ["trpl", "Pendulum-v1", 200_000, -180, { variant: "wasserstein", options: { projection: "wasserstein" } }],
  ["trpl", "Pendulum-v1", 200_000, -180, { variant: "frobenius", options: { projection: "frobenius" } }],
  ["ppo", "Pendulum-v1", 100_000, -180],
  ["trpo", "MountainCarContinuous-v0", 100_000, 90],
  ["ppo", "MountainCarContinuous-v0", 100_000, 90],
  ["actor-critic", "CartPole-v1", 500_000, null],
  ["policy-gradient", "CartPole-v1", 500_000, null],
  ["normalized-gradient", "CartPole-v1", 500_000, null],
]);

import { rowsOf } from "./rows.js";

/** What learns from transitions that it stored. */
export const offPolicy = rowsOf("off-policy", [
  ["sac", "Pendulum-v1", 20_000, -165],
  ["td3", "Pendulum-v1", 20_000, -165],
  ["ddpg", "Pendulum-v1", 20_000, -165],
  ["sac", "MountainCarContinuous-v0", 50_000, 93],
  ["td3", "MountainCarContinuous-v0", 300_000, 93],
  ["ddpg", "MountainCarContinuous-v0", 300_000, 93],
]);

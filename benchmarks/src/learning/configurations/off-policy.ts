import { rowsOf } from "./rows.js";

/** What learns from transitions that it stored. */
export const offPolicy = rowsOf("off-policy", [
  ["sac", "Pendulum-v1", 20_000, -165],
  ["td3", "Pendulum-v1", 20_000, -165],
  ["ddpg", "Pendulum-v1", 20_000, -165],
  ["sac", "MountainCarContinuous-v0", 50_000, 93, {
    note:
      "RL Zoo reports 94.7, of one run with γ 0.9999, where it is 0.999 here. With that and a temperature of 0.1 it pays to " +
      "stay on the road for the entropy of some 10,000 steps, which the time limit does not end: one of five such runs, " +
      "which had got 94 for a while, turned away from the flag as its mean Q came to 100.",
  }],
  ["td3", "MountainCarContinuous-v0", 150_000, 93, {
    note:
      "Half of the 300,000 steps that are allowed. RL Zoo reports 93.5 after all of them, of one run with networks of 400×300. " +
      "Its noise (Δt 0.01) drifts over hundreds of steps: a car whose policy does nothing reaches the flag in 9 of 100 " +
      "episodes, and with Δt 0.1, as here, in 80. Seed 3 ends with a policy that pushes to one side at full force.",
  }],
  ["ddpg", "MountainCarContinuous-v0", 150_000, 93, {
    note: "As TD3. Seed 3 gets 91 with the noise that it was trained with, and misses the flag from many starts without it.",
  }],
]);

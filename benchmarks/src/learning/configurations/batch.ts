import { rowsOf } from "./rows.js";

/** What learns from stored transitions of random actions; steps are how many there are. */
export const batch = rowsOf("batch", [
  ["fitted-q", "Pendulum-v1", 5_000, -200],
  ["smooth-fitted-q", "Pendulum-v1", 5_000, -200],
  ["amortized-fitted-q", "Pendulum-v1", 5_000, -200],
  ["nfqca", "Pendulum-v1", 5_000, -200],
]);

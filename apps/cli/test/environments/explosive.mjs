// Pays so much that float32 cannot hold the square of an error: the loss becomes infinite.
import { corridor } from "./corridor.mjs";

function make() {
  const environment = corridor.make();
  const step = environment.step.bind(environment);
  environment.step = (action) => ({ ...step(action), reward: 1e30 });
  return environment;
}

export const explosive = { ...corridor, id: "Explosive-v0", make };

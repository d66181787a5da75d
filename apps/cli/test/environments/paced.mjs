// No faster than ten thousand steps a second, so that there is time to interrupt what trains on it.
import { corridor } from "./corridor.mjs";

function make() {
  const environment = corridor.make();
  const step = environment.step.bind(environment);
  environment.step = (action) => {
    const end = performance.now() + 0.1;
    while (performance.now() < end);
    return step(action);
  };
  return environment;
}

export const paced = { ...corridor, id: "Paced-v0", make };

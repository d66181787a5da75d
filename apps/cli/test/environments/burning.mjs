// Breaks once, at the 3000th step that any of its environments takes, and never again.
import { corridor } from "./corridor.mjs";

let steps = 0;

function make() {
  const environment = corridor.make();
  const step = environment.step.bind(environment);
  environment.step = (action) => {
    if (++steps === 3000) throw new Error("the motor is on fire");
    return step(action);
  };
  return environment;
}

export const burning = { ...corridor, id: "Burning-v0", make };

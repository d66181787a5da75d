// Takes seconds to let go of what it holds.
import { corridor } from "./corridor.mjs";

function make() {
  const environment = corridor.make();
  environment.close = () => {
    const end = Date.now() + 10_000;
    while (Date.now() < end);
  };
  return environment;
}

export const clinging = { ...corridor, id: "Clinging-v0", make };

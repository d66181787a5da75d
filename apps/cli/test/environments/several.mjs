// Exports two environments: one of them has to be named.
import { corridor } from "./corridor.mjs";

export const short = { ...corridor, id: "Short-v0", maxEpisodeSteps: 5 };
export const long = { ...corridor, id: "Long-v0", maxEpisodeSteps: 500 };
export const version = "1";

import { fileURLToPath } from "node:url";

/** The path of one of the environment modules in this folder. */
export function environmentFile(name: "corridor" | "unseeded" | "explosive" | "burning" | "several" | "clinging" | "paced"): string {
  return fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
}

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { readSeed } from "./results-file.js";
import type { SeedResult } from "./results-file.js";
import { runsFolder } from "./schedule.js";
import type { Job } from "./schedule.js";

const script = fileURLToPath(new URL("./processes/learn.js", import.meta.url));

/**
 * Runs a seed in a process of its own, at low priority.
 *
 * @param folder - Folder of the results.
 * @param signal - Interrupts it; it keeps its work.
 * @returns Its result; undefined where it was interrupted.
 * @throws Error with the last line of what it said on standard error, where it failed.
 */
export async function runInChild(
  { configuration, seed }: Job,
  { folder, signal, tell }: { folder: string; signal: AbortSignal; tell: (progress: string) => void },
): Promise<SeedResult | undefined> {
  const child = fork(script, [configuration.name, String(seed), runsFolder(folder)], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // Ctrl-C in a terminal goes to the whole group: this process passes it on once.
    detached: true,
  });
  let result: SeedResult | undefined;
  let errors = "";
  child.stderr?.on("data", (text: Buffer) => (errors = (errors + text.toString()).slice(-4000)));
  child.on("message", (message) => {
    if (typeof message === "string") tell(message);
    else result = readSeed(`${configuration.name} seed ${seed}`, message);
  });
  const interrupt = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", interrupt);
  const code = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exit, by) => resolve(exit ?? by));
  });
  signal.removeEventListener("abort", interrupt);
  if (result !== undefined || signal.aborted) return result;
  throw new Error(`ended with ${code}: ${errorLine(errors)}`);
}

/** The line of a stack trace that says what is wrong. */
function errorLine(errors: string): string {
  const lines = errors.split("\n");
  return lines.find((line) => /^\w*Error\b/u.test(line)) ?? lines.findLast((line) => line !== "") ?? "nothing was said";
}

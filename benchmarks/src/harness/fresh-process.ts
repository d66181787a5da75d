import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Settings } from "./benchmark.js";
import type { Contender } from "./contender.js";

const execute = promisify(execFile);

/** What a script of this folder prints as its only line, a JSON value, from a fresh process. */
export async function inFreshProcess(
  script: string,
  parameters: readonly (number | string)[],
  { relaxedSimd }: Pick<Settings, "relaxedSimd">,
  flags: readonly string[] = [],
): Promise<unknown> {
  const path = fileURLToPath(new URL(`./processes/${script}.js`, import.meta.url));
  const all = [...flags, path, relaxedSimd ? "relaxed" : "plain", ...parameters.map(String)];
  const { stdout } = await execute(process.execPath, all);
  return JSON.parse(stdout);
}

/** A script that prints the microseconds that its work took, as a contender. */
export function freshContender(name: string, script: string, parameters: readonly string[], settings: Settings): Contender {
  return { name, run: async () => (await inFreshProcess(script, parameters, settings)) as number };
}

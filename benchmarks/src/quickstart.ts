import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Benchmark } from "./benchmark.js";
import { integerParameter, UsageError } from "./benchmark.js";

const command = fileURLToPath(new URL("../../apps/cli/dist/main.js", import.meta.url));

/** What `uphill quickstart --json` ends with, as far as it is read here. */
interface Result {
  readonly evaluation: { readonly meanReturn: number; readonly solved: boolean };
}

/** The whole way for many seeds: how many end with an exported file that solves CartPole-v1? */
export const quickstart: Benchmark = {
  name: "quickstart",
  summary: "mean return over 100 fresh episodes of the ONNX file that npm start makes; [FROM = 1] [TO = 20] are seeds",
  run: async ([from, to]) => {
    const first = integerParameter("FROM", from, 1, 0);
    const last = integerParameter("TO", to, Math.max(20, first), first);
    let solved = 0;
    for (let seed = first; seed <= last; seed++) {
      const start = performance.now();
      const { evaluation } = await runSeed(seed);
      if (evaluation.solved) solved++;
      const took = ((performance.now() - start) / 1000).toFixed(1);
      console.log(`seed ${seed}: mean return ${evaluation.meanReturn.toFixed(1)} in ${took} s`);
    }
    console.log(`${solved} of ${last - first + 1} seeds solve CartPole-v1`);
  },
};

async function runSeed(seed: number): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "uphill-bench-"));
  try {
    const lines = await outputLines(["quickstart", "--seed", String(seed), "--json", "--out", join(folder, "run")]);
    return JSON.parse(lines.at(-1) ?? "") as Result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The lines that the command prints; a run that does not solve the task still ends with its result. */
async function outputLines(parameters: readonly string[]): Promise<string[]> {
  const child = spawn(process.execPath, [command, ...parameters], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await new Promise((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", reject);
  });
  const lines = output.trim().split("\n");
  if (output.trim() === "") throw new UsageError(`uphill ${parameters.join(" ")} printed no result`);
  return lines;
}

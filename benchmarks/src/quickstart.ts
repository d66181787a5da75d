import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { integerParameter } from "./harness/benchmark.js";
import type { Benchmark } from "./harness/benchmark.js";
import { measure } from "./harness/measure.js";
import { pythonContender } from "./harness/python.js";
import { seconds } from "./harness/row.js";
import type { Row } from "./harness/row.js";
import { median, quantile } from "./harness/statistics.js";

const command = fileURLToPath(new URL("../../apps/cli/dist/main.js", import.meta.url));

/** Writes the process's peak of resident memory, in kB, to its file descriptor 3 when it ends. */
const reportMemory =
  "data:text/javascript,import{writeSync}from'node:fs';" +
  "process.on('exit',()=>writeSync(3,String(process.resourceUsage().maxRSS)))";

/** What `uphill quickstart` did from one seed. */
interface Start {
  /** From the start of the process until its policy was confirmed on fresh episodes. */
  readonly solvedUs: number;
  readonly peakMegabytes: number;
  /** Mean return over fresh episodes of the file that it exported. */
  readonly meanReturn: number;
  readonly solved: boolean;
}

/** Lines that the command prints, as far as they are read here. */
type Line =
  | { readonly type: "report"; readonly confirmationReturn?: number }
  | { readonly type: "result"; readonly evaluation: { readonly meanReturn: number; readonly solved: boolean } };

/** The whole way, from the start of a process to a policy that solves CartPole-v1 and is exported. */
export const quickstart: Benchmark = {
  name: "quickstart",
  summary: "npm start's training, process start to solved; its memory; its file's return; seeds from [FROM = 1] on, one a round",
  rounds: 5,
  run: async ([from], settings) => {
    const first = integerParameter("FROM", from, 1, 0);
    const starts: Start[] = [];
    const uphill = async (_: number, round: number): Promise<number> => {
      starts.push(await startFromSeed(first + round));
      return starts[round].solvedUs;
    };
    const work = {
      name: "process start to solved",
      figure: seconds,
      target: 3,
      once: true,
      contenders: [
        { name: "Uphill", run: uphill },
        pythonContender("Stable-Baselines3, tuned", { script: "quickstart_sb3.py", process: "whole" }, settings),
      ],
    };
    const rows = await measure(work, settings);
    return [
      ...rows,
      row("peak memory", "MB", starts.map(({ peakMegabytes }) => peakMegabytes), 150),
      row("return of its file", "a mean of 100", starts.map(({ meanReturn }) => meanReturn), 475),
      row("solved", "% of seeds", [(100 * starts.filter(({ solved }) => solved).length) / starts.length], 100),
    ];
  },
};

function row(work: string, unit: string, values: readonly number[], target: number): Row {
  const range = [quantile(values, 0.05), quantile(values, 0.95)] as const;
  return { work, contender: "Uphill", unit, median: median(values), range, calibrations: null, timesUphill: null, target };
}

async function startFromSeed(seed: number): Promise<Start> {
  const folder = await mkdtemp(join(tmpdir(), "uphill-bench-"));
  try {
    return await readStart(["quickstart", "--seed", String(seed), "--json", "--out", join(folder, "run")]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readStart(parameters: readonly string[]): Promise<Start> {
  const start = performance.now();
  const child = spawn(process.execPath, ["--import", reportMemory, command, ...parameters], {
    stdio: ["ignore", "pipe", "inherit", "pipe"],
  });
  const memory = text(child.stdio[3] as Readable);
  let solvedUs = NaN;
  let last: Line | undefined;
  for await (const line of createInterface({ input: child.stdout! })) {
    last = JSON.parse(line) as Line;
    if (last.type === "report" && last.confirmationReturn !== undefined) solvedUs = 1e3 * (performance.now() - start);
  }
  if (last?.type !== "result") throw new Error(`uphill ${parameters.join(" ")}: expected a result, got none`);
  return { solvedUs, peakMegabytes: Number(await memory) / 1e3, ...last.evaluation };
}

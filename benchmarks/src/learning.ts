import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { UphillError } from "@uphill/core-math";
import { listenForInterrupt, ProgressLine } from "@uphill/training/node";
import { integerParameter, UsageError } from "./harness/benchmark.js";
import { runInChild } from "./learning/child-job.js";
import { selectConfigurations } from "./learning/configurations.js";
import { stateLines } from "./learning/state-lines.js";
import { runJobs, unfinishedJobs } from "./learning/schedule.js";
import { writePage } from "./learning/write-page.js";

// Usage: node learning.js [CONFIGURATION …] [--family F] [--algorithm A] [--environment E] [--seeds 5] [--jobs 1]
//                         [--list] [--page]

const folder = fileURLToPath(new URL("../learning/", import.meta.url));

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError || error instanceof UphillError)) throw error;
  process.stderr.write(`learning: ${error.message}\n`);
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  const configurations = selectConfigurations({ ...values, names: positionals });
  const seeds = Array.from({ length: integerParameter("--seeds", values.seeds, 5, 1) }, (_, i) => i + 1);
  const jobs = integerParameter("--jobs", values.jobs, 1, 1);
  if (values.list) {
    for (const line of await stateLines(folder, configurations)) console.log(line);
    return 0;
  }
  let end = { failures: [] as readonly string[], interrupted: false };
  if (!values.page) {
    await mkdir(`${folder}results`, { recursive: true });
    end = await run(await unfinishedJobs(folder, configurations, seeds), jobs);
  }
  await writePage(folder);
  for (const failure of end.failures) process.stderr.write(`failed: ${failure}\n`);
  if (end.interrupted) process.stderr.write("interrupted; the same command goes on from here\n");
  if (end.failures.length > 0) return 1;
  return end.interrupted ? 130 : 0;
}

async function run(waiting: Awaited<ReturnType<typeof unfinishedJobs>>, jobs: number) {
  const interrupt = listenForInterrupt();
  const { signal } = interrupt;
  const progress = new ProgressLine(process.stderr, { everyMs: 10_000 });
  const { failures } = await runJobs(waiting, {
    folder,
    jobs,
    signal,
    start: async (job, tell) => runInChild(job, { folder, signal, tell }),
    onResult: async () => writePage(folder),
    onProgress: (line) => progress.update(line),
  });
  progress.finish();
  interrupt.release();
  return { failures, interrupted: signal.aborted };
}

function readArguments() {
  const flag = { type: "boolean", default: false } as const;
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      allowPositionals: true,
      options: { family: text, algorithm: text, environment: text, seeds: text, jobs: text, list: flag, page: flag },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

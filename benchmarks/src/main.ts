import { enableRelaxedSimd } from "@uphill/autodiff/node";
import { parseArgs } from "node:util";
import { a3cWorkers } from "./a3c-workers.js";
import { compileTime } from "./compile-time.js";
import { elementary } from "./elementary.js";
import { environmentSteps } from "./environments.js";
import { forward } from "./forward.js";
import { integerParameter, UsageError } from "./harness/benchmark.js";
import { formatReport, makeReport } from "./harness/report.js";
import { matmul } from "./matmul.js";
import { memory } from "./memory.js";
import { offPolicyUpdate } from "./off-policy-update.js";
import { onPolicyTraining } from "./on-policy-training.js";
import { ppoTraining } from "./ppo-training.js";
import { quickstart } from "./quickstart.js";
import { replay } from "./replay.js";
import { trpoStep } from "./trpo-step.js";
import { updateStep } from "./update-step.js";

const benchmarks = [matmul, elementary, updateStep, trpoStep, offPolicyUpdate, forward, compileTime, ppoTraining, onPolicyTraining, a3cWorkers, quickstart, environmentSteps, memory, replay];

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  const [name, ...parameters] = positionals;
  const chosen = benchmarks.find((one) => one.name === name);
  if (chosen === undefined) throw new UsageError(`NAME: expected one of these, got ${name ?? "none"}\n${list()}`);
  const relaxedSimd = !values.plain && enableRelaxedSimd();
  const rounds = integerParameter("--rounds", values.rounds, chosen.rounds, 1);
  const rows = await chosen.run(parameters, { rounds, turnMs: 5, relaxedSimd, peers: !values["no-peers"] });
  const report = await makeReport({ benchmark: chosen.name, relaxedSimd, rounds, rows });
  console.log(values.json ? JSON.stringify(report, undefined, 2) : formatReport(report));
}

function readArguments() {
  const flag = { type: "boolean", default: false } as const;
  try {
    return parseArgs({
      allowPositionals: true,
      options: { json: flag, plain: flag, "no-peers": flag, rounds: { type: "string" } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function list(): string {
  const width = Math.max(...benchmarks.map((one) => one.name.length));
  return benchmarks.map((one) => `  ${one.name.padEnd(width)}  ${one.summary}`).join("\n");
}

import { UsageError } from "./benchmark.js";
import { quickstart } from "./quickstart.js";
import { updateStep } from "./update-step.js";

const benchmarks = [quickstart, updateStep];
const [name, ...parameters] = process.argv.slice(2);
const chosen = benchmarks.find((one) => one.name === name);

try {
  if (chosen === undefined) throw new UsageError(`NAME: expected one of these, got ${name ?? "none"}\n${list()}`);
  await chosen.run(parameters);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

function list(): string {
  const width = Math.max(...benchmarks.map((one) => one.name.length));
  return benchmarks.map((one) => `  ${one.name.padEnd(width)}  ${one.summary}`).join("\n");
}

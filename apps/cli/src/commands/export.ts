import { FileError } from "@uphill/core-math";
import type { CheckpointName } from "@uphill/training/node";
import { Command, Option } from "commander";
import type { Context } from "../context.js";
import { environmentOption } from "../environment/environment-option.js";
import { count } from "../output/format.js";
import { nextCommand } from "../output/next-command.js";
import { Output } from "../output/output.js";
import { exportVerified, verificationText } from "../policies/export-verified.js";
import { agentOf, openRun, policyPath } from "../runs/run.js";
import type { Run } from "../runs/run.js";

interface ExportOptions {
  readonly output?: string;
  readonly checkpoint?: CheckpointName;
  readonly env?: string;
  readonly json?: true;
}

/** `uphill export RUN`. */
export function exportCommand(context: Context): Command {
  const command = new Command("export")
    .description("write a run's policy to an ONNX file, and check the file against the policy")
    .argument("<RUN>", "the run's folder")
    .option("-o, --output <FILE>", "the ONNX file (default: policy.onnx in the run's folder)")
    .addOption(checkpointOption())
    .addOption(environmentOption("default: the run's"));
  return command.action(async (path: string) => exportRun(context, path, command.opts<ExportOptions>()));
}

/** `--checkpoint`: which of a run's policies. */
export function checkpointOption(): Option {
  const meaning = "which of the run's policies, latest or best (default: the best, if the run was evaluated)";
  return new Option("--checkpoint <NAME>", meaning).choices(["latest", "best"]);
}

async function exportRun(context: Context, path: string, options: ExportOptions): Promise<void> {
  const run = await openRun(path, options.env);
  const checkpoint = await chosenCheckpoint(run, options.checkpoint);
  const agent = await agentOf(run, checkpoint);
  const file = options.output ?? policyPath(path);
  const verification = await exportVerified(agent.policy, run.env, file);
  agent.close();
  const environment = agent.policy.environmentId;
  // The file names its environment, but a module has to be named beside it.
  const named = run.config.environment === environment ? [] : ["--env", options.env ?? run.config.environment];
  new Output(context, options).result(
    { command: "export", run: path, file, checkpoint, steps: agent.steps, environment, verification },
    [
      `${file}: the ${checkpoint} policy of ${path}, after ${count(agent.steps)} steps`,
      `checked against the policy: ${verificationText(verification)}`,
      `next: ${nextCommand(context, "evaluate", file, ...named)}`,
    ],
  );
}

/**
 * The best checkpoint if there is one, else the latest.
 *
 * @throws FileError where there is none, or not the one that was asked for.
 */
export async function chosenCheckpoint({ folder }: Run, wanted: CheckpointName | undefined): Promise<CheckpointName> {
  for (const name of wanted === undefined ? (["best", "latest"] as const) : [wanted]) {
    if (await folder.hasCheckpoint(name)) return name;
  }
  throw new FileError(`${folder.path}: expected a run with a ${wanted ?? "latest"} checkpoint, got one without`);
}

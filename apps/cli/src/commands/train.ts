import { debugLines, debugReport } from "@uphill/training";
import type { Agent, Algorithm } from "@uphill/training";
import { Command } from "commander";
import { algorithms } from "../algorithms.js";
import type { Context } from "../context.js";
import { environmentNamed, environmentOption } from "../environment/environment-option.js";
import { presetFlags, presetOption } from "../options/presets.js";
import { addSchemaOptions, givenOptions, optionValues } from "../options/schema-options.js";
import { Output } from "../output/output.js";
import { runOptions, selectionPlan } from "../runs/run-options.js";
import { startRun } from "../runs/run.js";
import type { Run } from "../runs/run.js";
import { superviseTraining, trainingData, trainingLines } from "../runs/supervise-training.js";

interface TrainOptions {
  readonly env?: string;
  readonly data?: string;
  readonly out?: string;
  readonly preset?: string;
  readonly json?: true;
  readonly debug?: true;
}

/** `uphill train ALGORITHM`: each algorithm is a subcommand with options of its own. */
export function trainCommand(context: Context): Command {
  const command = new Command("train")
    .description("train a policy, in a run folder that can be resumed")
    .commandsGroup("Algorithms:")
    .helpCommand(false);
  for (const algorithm of algorithms) command.addCommand(trainAlgorithmCommand(context, algorithm));
  return command;
}

function trainAlgorithmCommand(context: Context, algorithm: Algorithm): Command {
  const command = new Command(algorithm.name)
    .description(algorithm.summary)
    .optionsGroup("The run:")
    .addOption(environmentOption("required"));
  if (algorithm.createOffline !== undefined) {
    command.option("--data <FILE>", "learn from stored transitions, a line of JSON each, and play nothing: steps are updates then");
  }
  command
    .option("--out <FOLDER>", "the run's folder (default: runs/<environment>-<algorithm>-seed<seed>)")
    .addOption(presetOption(algorithm));
  addSchemaOptions(command, "The run:", runOptions);
  addSchemaOptions(command, "The algorithm:", algorithm.options);
  return command
    .optionsGroup("Other:")
    .addHelpText("after", presetsText(algorithm))
    .action(async () => train(context, algorithm, command));
}

async function train(context: Context, algorithm: Algorithm, command: Command): Promise<void> {
  const settings = optionValues(command, runOptions);
  const { env, data, out, preset, json, debug } = command.opts<TrainOptions>();
  const { run, agent } = await startRun({
    algorithm,
    environment: await environmentNamed(env),
    seed: settings.seed,
    steps: settings.steps,
    selection: selectionPlan(settings),
    data,
    out,
    overwrite: settings.overwrite,
    preset,
    options: givenOptions(command, algorithm.options),
  });
  const output = new Output(context, { json });
  output.note(`${algorithm.name} on ${agent.policy.environmentId} with seed ${settings.seed}, in ${run.folder.path}`);
  if (debug === true) await sayDebugReport(run, agent, output);
  const training = { steps: settings.steps, stopAtGoal: true, checkpointEveryMs: 1000 * settings.checkpointEvery };
  const end = await superviseTraining(run, agent, { context, output }, training);
  output.result({ command: "train", ...trainingData(run, agent, end) }, trainingLines(context, run, end));
}

/** What the untrained policy does, on episodes of its own: the run is the same with and without it. */
async function sayDebugReport({ env, config: { seed, options } }: Run, agent: Agent, output: Output): Promise<void> {
  const { gamma } = options;
  const report = await debugReport(agent.policy, env, { seed, ...(typeof gamma === "number" && { gamma }) });
  output.item("debug", report);
  output.note(["before training:", ...debugLines(report).map((line) => `  ${line}`)].join("\n"));
}

/** The presets, as the flags that they stand for. */
function presetsText({ options, presets }: Algorithm): string {
  const lines = Object.entries(presets).map(([name, preset]) => `  ${name}: ${presetFlags(options, preset)}`);
  return lines.length === 0 ? "" : `\nPresets:\n${lines.join("\n")}`;
}

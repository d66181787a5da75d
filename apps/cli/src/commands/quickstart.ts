import { join } from "node:path";
import { cartPole } from "@uphill/envs";
import { ppoAlgorithm } from "@uphill/pg-algorithms";
import { defineOptions } from "@uphill/training";
import type { OptionsOf } from "@uphill/training";
import { Command } from "commander";
import { exitCodes } from "../context.js";
import type { Context } from "../context.js";
import { addSchemaOptions, optionValues } from "../options/schema-options.js";
import { Output } from "../output/output.js";
import { quickstartLines } from "../output/quickstart-lines.js";
import type { Played } from "../output/quickstart-lines.js";
import { exportVerified } from "../policies/export-verified.js";
import { playFile } from "../policies/play-file.js";
import { evaluationSeed } from "../runs/evaluation-seeds.js";
import { runOptions } from "../runs/run-options.js";
import { agentOf, policyPath, startRun } from "../runs/run.js";
import type { Run } from "../runs/run.js";
import { superviseTraining, trainingData } from "../runs/supervise-training.js";

/** The mean return at which CartPole-v1 counts as solved. */
const goal = cartPole.rewardThreshold as number;

const quickstartOptions = defineOptions({
  seed: { ...runOptions.seed, default: 1 },
  steps: { ...runOptions.steps, meaning: "environment steps to train for at most" },
  overwrite: runOptions.overwrite,
  evaluateEvery: {
    kind: "integer",
    default: 4096,
    range: { least: 1 },
    meaning: "environment steps between evaluations",
  },
  episodes: {
    kind: "integer",
    default: 100,
    range: { least: 1, most: 1_000_000 },
    meaning: "fresh episodes that the exported file plays",
  },
});

/** `uphill quickstart`: the whole way, from nothing to a verified file that plays. */
export function quickstartCommand(context: Context): Command {
  const command = new Command("quickstart")
    .description("learn CartPole-v1 by PPO, export the policy, check the file, and play episodes with it alone")
    .option("--out <FOLDER>", "the run's folder (default: runs/quickstart, whose last run is deleted)");
  addSchemaOptions(command, "Options:", quickstartOptions);
  return command.action(async () => quickstart(context, command));
}

async function quickstart(context: Context, command: Command): Promise<void> {
  const settings = optionValues(command, quickstartOptions);
  const { out, json } = command.opts<{ out?: string; json?: true }>();
  const output = new Output(context, { json });
  const { run, agent } = await startQuickstart(settings, out);
  output.note(`PPO learns ${cartPole.id} from nothing, seed ${settings.seed}; Ctrl-C stops it and keeps the work so far`);
  const end = await superviseTraining(
    run,
    agent,
    { context, output },
    { steps: settings.steps, stopAtGoal: true, checkpointEveryMs: 1000 * runOptions.checkpointEvery.default },
  );
  const training = { command: "quickstart", ...trainingData(run, agent, end) };
  if (end.reason === "interrupted") {
    output.result(training, []);
    return;
  }
  const played = await exportAndPlay(run, settings);
  if (!played.evaluation.solved) context.exitCode = exitCodes.failed;
  output.result({ ...training, ...played }, quickstartLines(context, run, end, played));
}

async function startQuickstart(settings: OptionsOf<typeof quickstartOptions>, out: string | undefined) {
  const { seed, steps, evaluateEvery, overwrite } = settings;
  return startRun({
    algorithm: ppoAlgorithm,
    environment: { reference: cartPole.id, source: cartPole },
    seed,
    steps,
    selection: { every: evaluateEvery, episodes: 20, confirmationEpisodes: 100, goal },
    out: out ?? join("runs", "quickstart"),
    // Only a folder of one's own choice may hold something to keep.
    overwrite: overwrite || out === undefined,
    preset: undefined,
    options: {},
  });
}

/** Which policy that is, the evaluations during training have settled: the episodes played here decide nothing. */
async function exportAndPlay(
  run: Run,
  { seed, episodes }: { readonly seed: number; readonly episodes: number },
): Promise<Played> {
  const file = policyPath(run.folder.path);
  const agent = await agentOf(run, "best");
  agent.close();
  const verification = await exportVerified(agent.policy, cartPole, file);
  const fresh = { episodes, seed: evaluationSeed("final", seed, episodes) };
  const { evaluation } = await playFile(file, async () => cartPole, fresh);
  const { meanReturn, standardDeviation, meanLength } = evaluation;
  const solved = meanReturn >= goal;
  return { file, verification, evaluation: { ...fresh, meanReturn, standardDeviation, meanLength, goal, solved } };
}

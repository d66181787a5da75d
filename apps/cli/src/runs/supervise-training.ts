import { FileError } from "@uphill/core-math";
import { TrainingWarnings } from "@uphill/training";
import type { Agent, Report } from "@uphill/training";
import { exitCodes } from "../context.js";
import type { Context } from "../context.js";
import { count, number, seconds } from "../output/format.js";
import { nextCommand } from "../output/next-command.js";
import type { Output } from "../output/output.js";
import type { Run } from "./run.js";
import { trainRun } from "./train-run.js";
import type { TrainingEnd, TrainRunOptions } from "./train-run.js";

/**
 * Trains a run while people or programs watch, and lets Ctrl-C end it with the work so far kept.
 *
 * @returns How it ended; where it was interrupted, that is said and the exit code is set.
 */
export async function superviseTraining(
  run: Run,
  agent: Agent,
  world: { readonly context: Context; readonly output: Output },
  options: Pick<TrainRunOptions, "steps" | "stopAtGoal" | "checkpointEveryMs">,
): Promise<TrainingEnd> {
  const { context, output } = world;
  const interrupt = context.listenForInterrupt();
  try {
    const warnings = await warningsOf(run, agent);
    const end = await trainRun(run, agent, {
      ...options,
      signal: interrupt.signal,
      onReport: (report) => {
        output.report(report, agent.targetSteps);
        for (const warning of warnings.take(report)) output.warning(warning);
      },
    });
    if (end.reason === "interrupted") {
      context.exitCode = exitCodes.interrupted;
      output.note(keptText(context, run, agent));
    }
    return end;
  } catch (error) {
    // Where a file could not be written, steps may be lost.
    if (!(error instanceof FileError)) output.note(keptText(context, run, agent));
    throw error;
  } finally {
    output.endProgress();
    interrupt.release();
    agent.close();
  }
}

/** What is left of a run that ended before its budget. */
function keptText(context: Context, { folder }: Run, { steps }: Agent): string {
  const resume = nextCommand(context, "resume", folder.path);
  return `stopped at ${count(steps)} steps, all of them kept; to go on: ${resume}`;
}

/** What watches the run, with all that it has reported so far taken in: a run that goes on says nothing twice. */
async function warningsOf({ folder }: Run, { policy }: Agent): Promise<TrainingWarnings> {
  const warnings = new TrainingWarnings(policy.actionSpace);
  for (const report of await folder.metrics()) warnings.take(report);
  return warnings;
}

/** The result of training, as programs get it. */
export function trainingData(run: Run, agent: Agent, { reason, report, best }: TrainingEnd): object {
  return {
    run: run.folder.path,
    algorithm: run.algorithm.name,
    environment: agent.policy.environmentId,
    reason,
    steps: agent.steps,
    elapsedMs: report?.elapsedMs ?? null,
    meanReturn: report?.meanReturn ?? null,
    best,
  };
}

/** The result of training, for people. */
export function trainingLines(context: Context, run: Run, { report, best, reason }: TrainingEnd): readonly string[] {
  const { path } = run.folder;
  const why = { budget: "", goal: "; stopped, as the goal is reached", interrupted: "; interrupted" }[reason];
  return [
    `${path}: ${report === undefined ? "no step was taken" : reportText(report)}${why}`,
    ...(best === null ? [] : [`best: mean return ${number(best.meanReturn)} after ${count(best.steps)} steps`]),
    `next: ${nextCommand(context, "export", path)}`,
  ];
}

function reportText({ steps, elapsedMs, meanReturn }: Report): string {
  const took = `${count(steps)} steps in ${seconds(elapsedMs)}`;
  return Number.isFinite(meanReturn)
    ? `${took}, mean return ${number(meanReturn)} over the last episodes`
    : `${took}, no episode finished`;
}

import type { Verification } from "@uphill/onnx-runtime";
import type { Context } from "../context.js";
import { verificationText } from "../policies/export-verified.js";
import type { Run } from "../runs/run.js";
import type { TrainingEnd } from "../runs/train-run.js";
import { count, number, seconds, spread } from "./format.js";
import { nextCommand, runsInClone } from "./next-command.js";
import { table } from "./table.js";

/** The last part of a quickstart, after training. */
export interface Played {
  /** The exported policy. */
  readonly file: string;
  readonly verification: Verification;
  /** What the file alone played. */
  readonly evaluation: {
    readonly episodes: number;
    readonly seed: number;
    readonly meanReturn: number;
    readonly standardDeviation: number;
    readonly meanLength: number;
    /** The mean return that solves the problem, and whether it was reached. */
    readonly goal: number;
    readonly solved: boolean;
  };
}

/** The quickstart's result for people: a table of training, export check and evaluation, and what to do next. */
export function quickstartLines(context: Context, run: Run, end: TrainingEnd, played: Played): readonly string[] {
  const { file, verification, evaluation } = played;
  const { episodes, meanReturn, standardDeviation, goal, solved } = evaluation;
  const rows = [
    ["training", trainingText(end)],
    ["", evaluationText(run, end)],
    ["", bestText(run, end)],
    ["export check", verificationText(verification)],
    ["evaluation", `${spread(meanReturn, standardDeviation)} over ${count(episodes)} fresh episodes, by the file alone`],
    ["", `${solved ? "solved" : "not solved"}, which takes ${goal}${solved ? "" : ": try another --seed"}`],
    ["policy", file],
    ["run", run.folder.path],
  ];
  const shown = rows.filter(([, text]) => text !== "");
  return ["", ...table(shown), "", "next:", ...table(nextCommands(context, run, file), 2)];
}

function trainingText({ report }: TrainingEnd): string {
  if (report === undefined) return "no step was taken";
  return `${count(report.steps)} steps in ${seconds(report.elapsedMs)}, ${count(report.stepsPerSecond)} steps/s`;
}

function evaluationText({ config }: Run, { evaluation }: TrainingEnd): string {
  const { evaluationReturn, evaluationDeviation } = evaluation ?? {};
  if (evaluationReturn === undefined || evaluationDeviation === undefined) return "";
  return `last evaluation ${spread(evaluationReturn, evaluationDeviation)} over ${config.selection?.episodes} episodes`;
}

function bestText({ config }: Run, { best }: TrainingEnd): string {
  if (best === null) return "";
  const episodes = config.selection?.confirmationEpisodes;
  return `best policy after ${count(best.steps)} steps, ${number(best.meanReturn)} over ${episodes} other episodes`;
}

function nextCommands(context: Context, run: Run, file: string): readonly (readonly string[])[] {
  return [
    ...(runsInClone(context) ? [["npm run demo", "the same in a web page"]] : []),
    [nextCommand(context, "evaluate", file, "--episodes", "1000"), "more episodes with the file"],
    [nextCommand(context, "resume", run.folder.path, "--steps", "50000"), "train the policy further"],
    [nextCommand(context, "train", run.algorithm.name, "--help"), "what can be changed"],
  ];
}

import type { Agent, Metrics, Report } from "@uphill/training";
import { CheckpointSaver } from "./checkpoint-saver.js";
import { Evaluator } from "./evaluator.js";
import type { EvaluationRecord } from "./evaluator.js";
import type { Run } from "./run.js";
import type { Score } from "./selection.js";

/** How a run is trained. */
export interface TrainRunOptions {
  /** A new budget, in environment steps; where left out, the rest of the one that was interrupted. */
  readonly steps?: number | undefined;
  /** Whether training stops when the run's goal is reached. */
  readonly stopAtGoal: boolean;
  /** The least time between two checkpoints, in ms. */
  readonly checkpointEveryMs: number;
  /** Ends training at the last finished iteration. */
  readonly signal: AbortSignal;
  /** Told of each iteration. */
  readonly onReport: (report: Report & EvaluationRecord) => void;
}

/** How training ended. */
export interface TrainingEnd {
  readonly reason: "budget" | "goal" | "interrupted";
  /** The last iteration of this call; absent where there was none. */
  readonly report: (Report & EvaluationRecord) | undefined;
  /** The last small evaluation of this call. */
  readonly evaluation: EvaluationRecord | undefined;
  /** The best policy of the run. */
  readonly best: Score | null;
}

/**
 * Trains a run's agent: metrics and checkpoints go to its folder, policies are judged where the run's plan says so.
 *
 * Whatever ends it, an error included, the last finished iteration is in the folder, and training goes on from it to
 * the same bits. An evaluation that was interrupted is marked in the metrics and done first when the run goes on.
 *
 * @throws What `agent.train` throws; FileError where the folder cannot be written.
 */
export async function trainRun(run: Run, agent: Agent, options: TrainRunOptions): Promise<TrainingEnd> {
  const { folder, config, env } = run;
  const { signal } = options;
  const metrics = await folder.metrics();
  const evaluator = new Evaluator(config.selection, env, agent.policy, metrics);
  const saver = new CheckpointSaver(folder, agent, options.checkpointEveryMs);
  let report: (Report & EvaluationRecord) | undefined;
  let evaluation: EvaluationRecord | undefined;
  const reachedGoal = (): boolean => options.stopAtGoal && evaluator.finished;
  try {
    if (evaluator.pending) {
      evaluation = await evaluator.evaluate(signal);
      await replaceLast(run, metrics, evaluation);
      await saver.afterIteration({ best: evaluator.holdsBest });
    }
    for await (const iteration of budgetLeft(agent, options) && !reachedGoal() ? agent.train(options) : []) {
      const record = await evaluator.afterIteration(iteration.steps, iteration.steps >= agent.targetSteps, signal);
      report = { ...iteration, ...record };
      if (record.evaluationReturn !== undefined) evaluation = record;
      await folder.appendMetrics(report);
      options.onReport(report);
      await saver.afterIteration({ best: evaluator.holdsBest });
      if (reachedGoal()) break;
    }
  } finally {
    await saver.finish();
  }
  return { reason: reasonOf(agent, evaluator, reachedGoal()), report, evaluation, best: evaluator.best };
}

/** Whether there is anything to train for. */
function budgetLeft(agent: Agent, { steps }: { readonly steps?: number | undefined }): boolean {
  return steps !== undefined || agent.steps < agent.targetSteps;
}

function reasonOf(agent: Agent, evaluator: Evaluator, reachedGoal: boolean): TrainingEnd["reason"] {
  if (reachedGoal) return "goal";
  return agent.steps < agent.targetSteps || evaluator.pending ? "interrupted" : "budget";
}

/** Puts an evaluation that was interrupted, and is now done, into the metrics of its iteration. */
async function replaceLast({ folder }: Run, metrics: readonly Metrics[], record: EvaluationRecord): Promise<void> {
  const last = metrics.at(-1) as Metrics;
  const report = Object.entries(last)
    .filter(([name]) => name !== "evaluationPending")
    // A number that was not finite is null in the file, and has to become null again.
    .map(([name, value]) => [name, value ?? Number.NaN]);
  await folder.rewind(last.steps - 1);
  await folder.appendMetrics({ ...(Object.fromEntries(report) as unknown as Report), ...record });
}

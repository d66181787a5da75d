import { evaluationSeed } from "./evaluation-seeds.js";

/** How policies are judged while they are trained. */
export interface SelectionPlan {
  /** Environment steps between evaluations. */
  readonly every: number;
  /** Episodes of the first, small evaluation, which decides whether the second is worth its time. */
  readonly episodes: number;
  /** Episodes of the second, larger one, on other seeds, by which policies are compared. */
  readonly confirmationEpisodes: number;
  /** The mean return at which training may stop, if any. */
  readonly goal: number | null;
}

/** A policy's larger evaluation. */
export interface Score {
  /** Environment steps that the policy was trained for. */
  readonly steps: number;
  readonly meanReturn: number;
}

/**
 * Where the selection is. Transitions are pure functions: training may stop between any two of them and go on from the
 * same state.
 *
 *     training → screening → training                     no better than the best so far
 *                screening → confirming → training        kept, if it is the best
 *                            confirming → finished        kept, and the goal is reached
 */
export interface Selection {
  readonly stage: "training" | "screening" | "confirming" | "finished";
  /** Environment steps that the policy at hand was trained for. */
  readonly steps: number;
  /** The best policy so far, by its larger evaluation. */
  readonly best: Score | null;
}

/** What an evaluation found. */
export interface Judged {
  readonly meanReturn: number;
  readonly standardDeviation: number;
}

/** The selection of a run that has taken `steps` steps. */
export function startSelection(steps = 0, best: Score | null = null): Selection {
  return { stage: "training", steps, best };
}

/**
 * After an iteration of training: an evaluation is due where a multiple of `every` was passed, and at the end.
 *
 * @param steps - Environment steps so far.
 * @param last - Whether training ends here.
 */
export function afterIteration(plan: SelectionPlan, selection: Selection, steps: number, last: boolean): Selection {
  const due = last || Math.floor(steps / plan.every) > Math.floor(selection.steps / plan.every);
  return { ...selection, steps, stage: due ? "screening" : "training" };
}

/** The episodes that are to be played now; none while training goes on, or when it has ended. */
export function dueEvaluation(
  plan: SelectionPlan,
  { stage, steps }: Selection,
): { readonly episodes: number; readonly seed: number } | undefined {
  if (stage !== "screening" && stage !== "confirming") return undefined;
  const [kind, episodes] =
    stage === "screening"
      ? (["screening", plan.episodes] as const)
      : (["confirmation", plan.confirmationEpisodes] as const);
  return { episodes, seed: evaluationSeed(kind, steps, episodes) };
}

/** After the evaluation that was due. */
export function afterEvaluation(plan: SelectionPlan, selection: Selection, judged: Judged): Selection {
  const { stage, steps, best } = selection;
  const better = best === null || judged.meanReturn > best.meanReturn;
  if (stage === "screening") {
    const promising = better || (plan.goal !== null && judged.meanReturn >= plan.goal);
    return { ...selection, stage: promising ? "confirming" : "training" };
  }
  return {
    steps,
    stage: reachesGoal(plan, judged) ? "finished" : "training",
    best: better ? { steps, meanReturn: judged.meanReturn } : best,
  };
}

/** Whether the policy at hand is the best so far: it is to be kept. */
export function isBest({ steps, best }: Selection): boolean {
  return best?.steps === steps;
}

/**
 * Whether a mean over the larger evaluation's episodes is above the goal by two of its standard errors, so that the
 * mean over as many other episodes is very likely above it too.
 */
function reachesGoal({ goal, confirmationEpisodes }: SelectionPlan, judged: Judged): boolean {
  const standardError = judged.standardDeviation / Math.sqrt(confirmationEpisodes);
  return goal !== null && judged.meanReturn - 2 * standardError >= goal;
}

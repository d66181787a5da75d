import type { EnvironmentSource } from "@uphill/envs";
import { evaluatePolicy } from "@uphill/training";
import type { Metrics, Policy } from "@uphill/training";
import { afterEvaluation, afterIteration, dueEvaluation, isBest, startSelection } from "./selection.js";
import type { Score, Selection, SelectionPlan } from "./selection.js";

/** What evaluations add to the metrics of an iteration. */
export interface EvaluationRecord {
  /** Mean return of the small evaluation, and its standard deviation. */
  readonly evaluationReturn?: number;
  readonly evaluationDeviation?: number;
  /** The same of the larger one, where there was one. */
  readonly confirmationReturn?: number;
  readonly confirmationDeviation?: number;
  /** Whether an evaluation was interrupted, and has to be done when the run goes on. */
  readonly evaluationPending?: true;
}

/** Evaluates a policy while it is trained, on environments and seeds of its own, and knows which was the best. */
export class Evaluator {
  readonly #plan: SelectionPlan | null;
  readonly #env: EnvironmentSource;
  readonly #policy: Policy;
  #selection: Selection;

  /**
   * @param plan - When and how; never where null.
   * @param env - The environment.
   * @param policy - The policy; its weights change as it is trained.
   * @param metrics - What was recorded so far, for a run that goes on.
   */
  constructor(plan: SelectionPlan | null, env: EnvironmentSource, policy: Policy, metrics: readonly Metrics[]) {
    this.#plan = plan;
    this.#env = env;
    this.#policy = policy;
    this.#selection = plan === null ? startSelection() : replayed(plan, metrics);
  }

  /** The best policy's larger evaluation. */
  get best(): Score | null {
    return this.#selection.best;
  }

  /** Whether the policy at hand is the best so far. */
  get holdsBest(): boolean {
    return isBest(this.#selection);
  }

  /** Whether the goal is reached. */
  get finished(): boolean {
    return this.#selection.stage === "finished";
  }

  /** Whether an evaluation was interrupted. */
  get pending(): boolean {
    return this.#selection.stage === "screening";
  }

  /**
   * Counts an iteration, and evaluates the policy where that is due.
   *
   * @param steps - Environment steps so far.
   * @param last - Whether training ends here.
   * @param signal - Interrupts an evaluation.
   */
  async afterIteration(steps: number, last: boolean, signal: AbortSignal): Promise<EvaluationRecord> {
    if (this.#plan === null) return {};
    this.#selection = afterIteration(this.#plan, this.#selection, steps, last);
    return this.evaluate(signal);
  }

  /** Does the evaluations that are due. */
  async evaluate(signal: AbortSignal): Promise<EvaluationRecord> {
    if (this.#plan === null) return {};
    const before = this.#selection;
    let record: EvaluationRecord = {};
    for (let due = dueEvaluation(this.#plan, before); due !== undefined; ) {
      const { stage } = this.#selection;
      const judged = await this.#play(due, signal);
      if (judged === undefined) {
        this.#selection = before;
        return { evaluationPending: true };
      }
      record = { ...record, ...recordOf(stage, judged) };
      this.#selection = afterEvaluation(this.#plan, this.#selection, judged);
      due = dueEvaluation(this.#plan, this.#selection);
    }
    return record;
  }

  /** Undefined where it was interrupted. */
  async #play(due: { readonly episodes: number; readonly seed: number }, signal: AbortSignal) {
    try {
      return await evaluatePolicy(this.#policy, this.#env, { ...due, signal });
    } catch (error) {
      if (signal.aborted && error === signal.reason) return undefined;
      throw error;
    }
  }
}

function recordOf(
  stage: Selection["stage"],
  { meanReturn, standardDeviation }: { readonly meanReturn: number; readonly standardDeviation: number },
): EvaluationRecord {
  return stage === "screening"
    ? { evaluationReturn: meanReturn, evaluationDeviation: standardDeviation }
    : { confirmationReturn: meanReturn, confirmationDeviation: standardDeviation };
}

/** The state that the recorded evaluations lead to. */
function replayed(plan: SelectionPlan, metrics: readonly Metrics[]): Selection {
  let selection = startSelection();
  for (const line of metrics) {
    const { evaluationReturn, evaluationDeviation, confirmationReturn, confirmationDeviation } = line;
    const evaluated = evaluationReturn !== undefined || line["evaluationPending"] === true;
    selection = afterIteration(plan, selection, line.steps, evaluated);
    for (const [meanReturn, standardDeviation] of [
      [evaluationReturn, evaluationDeviation],
      [confirmationReturn, confirmationDeviation],
    ]) {
      if (typeof meanReturn !== "number" || typeof standardDeviation !== "number") continue;
      selection = afterEvaluation(plan, selection, { meanReturn, standardDeviation });
    }
  }
  return selection;
}

import type { PpoReport } from "@uphill/pg-algorithms";
import type { TrainingWarning } from "@uphill/training";
import type { EvaluationResult, Message } from "../protocol.js";

/**
 * Where a run is. `starting` and `stopping` wait for the worker's answer; `stopped` has budget left, `finished` has not.
 */
type Phase = "ready" | "starting" | "training" | "stopping" | "stopped" | "finished";

/** All that the page shows in words and numbers. */
export interface RunState {
  readonly phase: Phase;
  readonly steps: number;
  readonly targetSteps: number;
  /** The latest. */
  readonly report?: PpoReport;
  readonly evaluation?: "running" | EvaluationResult;
  /** What went wrong with the learning while the run went on: the last of each kind, in the order in which they came. */
  readonly warnings: readonly TrainingWarning[];
  /** What went wrong last, in a sentence. */
  readonly error?: string;
  /** While `starting`: the new run's budget, and the phase to go back to if it cannot begin. */
  readonly starting?: { readonly steps: number; readonly from: Phase };
}

/** What the person at the page asks for. */
export type Request =
  | { readonly kind: "start"; readonly steps: number }
  | { readonly kind: "stop" }
  | { readonly kind: "resume" }
  /** Forgets the run. */
  | { readonly kind: "clear" };

/** What is there before the first run. */
export const initialState: RunState = { phase: "ready", steps: 0, targetSteps: 0, warnings: [] };

/**
 * The state after an event: a pure function, so that what the page shows follows from what happened and nothing else.
 *
 * @param state - The state before.
 * @param event - A request of the person, or a message of the worker.
 */
export function nextState(state: RunState, event: Request | Message): RunState {
  switch (event.kind) {
    case "start":
      return { ...state, phase: "starting", error: undefined, starting: { steps: event.steps, from: state.phase } };
    case "clear":
      return initialState;
    case "started":
      return { ...initialState, phase: "training", targetSteps: state.starting?.steps ?? 0 };
    case "stop":
      return { ...state, phase: "stopping" };
    case "resume":
      return { ...state, phase: "training", evaluation: undefined, error: undefined };
    case "reports": {
      const report = event.reports.at(-1);
      return report === undefined ? state : { ...state, report, steps: report.steps };
    }
    case "warned":
      return { ...state, warnings: [...state.warnings.filter(({ rule }) => rule !== event.warning.rule), event.warning] };
    case "paused": {
      const { steps, targetSteps } = event;
      return { ...state, steps, targetSteps, phase: steps < targetSteps ? "stopped" : "finished", evaluation: "running" };
    }
    case "evaluated":
      return state.evaluation === "running" ? { ...state, evaluation: event.result } : state;
    case "failed": {
      const { message: error } = event;
      if (state.starting !== undefined) return { ...state, phase: state.starting.from, starting: undefined, error };
      return { ...state, evaluation: state.evaluation === "running" ? undefined : state.evaluation, error };
    }
    case "played":
    case "saved":
      return state;
  }
}

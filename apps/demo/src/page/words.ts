import type { TrainingWarning } from "@uphill/training";
import type { RunState } from "./run-state.js";

const NONE = "–";

/** 1,234,567: whole numbers, the same in every locale. */
export function wholeText(value: number): string {
  return Number.isFinite(value) ? Math.round(value).toLocaleString("en-US") : NONE;
}

/**
 * A measured number in about four digits: 475.3, 0.0126, 4.2e-7, −1,204. A dash where there is none.
 */
export function measureText(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return wholeText(value).replace("-", "−");
  if (size < 1e-3 || size >= 1e7) return value.toExponential(1).replace("-", value < 0 ? "−" : "-");
  const digits = Math.max(0, Math.min(4, 3 - Math.floor(Math.log10(size))));
  const options = { minimumFractionDigits: Math.min(digits, 1), maximumFractionDigits: digits };
  return value.toLocaleString("en-US", options).replace("-", "−");
}

/** What the run is doing, in a sentence; it changes where the run's phase does, not with every number. */
export function statusText({ phase, steps, targetSteps, evaluation }: RunState): string {
  const trained = `${wholeText(steps)} of ${wholeText(targetSteps)} steps`;
  const result =
    evaluation === undefined
      ? ""
      : evaluation === "running"
        ? " Evaluating …"
        : ` Evaluation: ${measureText(evaluation.meanReturn)}.`;
  switch (phase) {
    case "ready":
      return "Ready.";
    case "starting":
      return "Starting …";
    case "training":
      return `Training for ${wholeText(targetSteps)} steps.`;
    case "stopping":
      return "Stopping …";
    case "stopped":
      return `Stopped at ${trained}.${result}`;
    case "finished":
      return `Finished ${wholeText(steps)} steps.${result}`;
  }
}

/** What began to go wrong, and what people change then. */
export function warningText({ steps, message, remedy }: TrainingWarning): string {
  return `After ${wholeText(steps)} steps: ${message}. People usually change: ${remedy}.`;
}

/** What the main button does next. */
export function actionText({ phase }: RunState): string {
  switch (phase) {
    case "ready":
    case "finished":
      return "Start";
    case "starting":
    case "training":
    case "stopping":
      return "Stop";
    case "stopped":
      return "Resume";
  }
}

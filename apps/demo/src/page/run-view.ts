import { elementOf } from "./elements.js";
import type { RunState } from "./run-state.js";
import { actionText, measureText, statusText, warningText, wholeText } from "./words.js";

/** Everything on the page that shows the state of the run in words and numbers. */
export class RunView {
  readonly #action = elementOf("action", HTMLButtonElement);
  readonly #restart = elementOf("restart", HTMLButtonElement);
  readonly #saves = ["save-onnx", "save-checkpoint"].map((id) => elementOf(id, HTMLButtonElement));
  readonly #status = elementOf("status", HTMLElement);
  readonly #warnings = elementOf("warnings", HTMLElement);
  readonly #error = elementOf("error", HTMLElement);
  readonly #progress = elementOf("progress", HTMLProgressElement);
  readonly #note = elementOf("options-note", HTMLElement);
  readonly #environment = elementOf("environment", HTMLSelectElement);

  show(state: RunState): void {
    const { phase, report, evaluation } = state;
    const waiting = phase === "starting" || phase === "stopping";
    const atRest = phase === "ready" || phase === "stopped" || phase === "finished";
    setText(this.#action, actionText(state));
    this.#action.setAttribute("aria-disabled", String(waiting));
    this.#action.dataset["phase"] = phase;
    this.#note.hidden = phase !== "stopped";
    this.#restart.hidden = phase !== "stopped";
    for (const button of this.#saves) button.disabled = phase === "ready" || waiting;
    this.#environment.disabled = !atRest;
    setText(this.#status, statusText(state));
    setLines(this.#warnings, state.warnings.map(warningText));
    setText(this.#error, state.error ?? "");
    this.#error.hidden = state.error === undefined;
    this.#progress.max = Math.max(1, state.targetSteps);
    this.#progress.value = Math.min(state.steps, state.targetSteps);

    setNumber("steps", state.targetSteps === 0 ? "–" : wholeText(state.steps));
    setNumber("steps-per-second", wholeText(report?.stepsPerSecond ?? NaN));
    setNumber("episodes", wholeText(report?.episodes ?? NaN));
    setNumber("mean-return", measureText(report?.meanReturn ?? NaN));
    const result = typeof evaluation === "object" ? evaluation : undefined;
    setNumber("evaluation", evaluation === "running" ? "…" : measureText(result?.meanReturn ?? NaN));
    setNumber("spread", result === undefined ? "" : `± ${measureText(result.standardDeviation)}`);
  }
}

function setNumber(name: string, text: string): void {
  setText(elementOf(`number-${name}`, HTMLElement), text);
}

/** A list item for each line; those that stay are left alone. */
function setLines(list: HTMLElement, lines: readonly string[]): void {
  for (const item of list.querySelectorAll("li")) if (!lines.includes(item.textContent)) item.remove();
  for (const line of lines.slice(list.children.length)) list.appendChild(document.createElement("li")).textContent = line;
}

/** Leaves what is the same alone, so that screen readers hear of changes only. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

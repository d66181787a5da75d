import { formatProgress } from "@uphill/training";
import type { Report, TrainingWarning } from "@uphill/training";
import { ProgressLine } from "@uphill/training/node";
import type { Context } from "../context.js";
import type { EvaluationRecord } from "../runs/evaluator.js";
import { number, withoutParts } from "./format.js";

/**
 * What a command says. For people: results on stdout, progress and notes on stderr. As JSON: one object a line on
 * stdout, a report for each iteration and last the result, and nothing else anywhere but errors.
 */
export class Output {
  readonly #context: Context;
  readonly #json: boolean;
  readonly #progress: ProgressLine;
  #evaluation = "";

  /**
   * @param context - Where to.
   * @param options - `json`: for programs rather than people.
   */
  constructor(context: Context, { json = false }: { readonly json?: boolean | undefined }) {
    this.#context = context;
    this.#json = json;
    this.#progress = new ProgressLine(context.stderr);
  }

  /** Says how far training is. */
  report(report: Report & EvaluationRecord, targetSteps: number): void {
    if (this.#json) {
      this.#line({ type: "report", ...report });
      return;
    }
    const { evaluationReturn } = report;
    // In front, as narrow terminals have no room for the end.
    if (evaluationReturn !== undefined) this.#evaluation = `evaluation ${number(evaluationReturn)} | `;
    const { isTTY, columns = 80 } = this.#context.stderr;
    const text = `${this.#evaluation}${formatProgress(report, targetSteps)}`;
    this.#progress.update(isTTY === true ? withoutParts(text, columns - 1) : text);
  }

  /** Ends the progress line, so that other output can follow. */
  endProgress(): void {
    this.#progress.finish();
  }

  /** Says something to people, on stderr. */
  note(text: string): void {
    if (this.#json) return;
    this.#progress.finish();
    this.#context.stderr.write(`${text}\n`);
  }

  /** Says what goes wrong in training, and what people usually change. */
  warning(warning: TrainingWarning): void {
    this.item("warning", warning);
    this.note(`warning: ${warning.message}\n  people usually change: ${warning.remedy}`);
  }

  /** One object of a list that has many, such as a finding; nothing to people, who read it in the result. */
  item(type: string, item: object): void {
    if (this.#json) this.#line({ type, ...item });
  }

  /**
   * Says the result.
   *
   * @param data - For programs; numbers that are not finite become null.
   * @param lines - For people.
   */
  result(data: object, lines: readonly string[]): void {
    this.#progress.finish();
    if (this.#json) this.#line({ type: "result", ...data });
    else this.#context.stdout.write(lines.map((line) => `${line}\n`).join(""));
  }

  #line(data: object): void {
    this.#context.stdout.write(`${JSON.stringify(data)}\n`);
  }
}

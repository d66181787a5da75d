import { FileError, FormatError, OptionError, ShapeError, UphillError } from "@uphill/core-math";
import { exitCodes } from "./context.js";
import type { Context } from "./context.js";

/** Kinds of error that say that what was given cannot be worked with. */
const badInput = [OptionError, ShapeError, FormatError, FileError] as const;

/** What an error comes to: what stderr says, and what the process ends with. */
export interface Failure {
  readonly text: string;
  readonly exitCode: number;
}

/**
 * An error as the user meets it: one sentence, and the stack trace only where it was asked for.
 *
 * @param error - Whatever was thrown.
 * @param debug - Whether to show where it came from.
 */
export function failureOf(error: unknown, debug: boolean): Failure {
  const exitCode = badInput.some((kind) => error instanceof kind) ? exitCodes.badInput : exitCodes.failed;
  const message = error instanceof Error ? error.message : String(error);
  const expected = error instanceof UphillError;
  const sentence = expected ? message : `unexpected error: ${message} (--debug shows where)`;
  const trace = debug ? `${traceOf(error)}\n` : "";
  return { text: `uphill: ${sentence.trim().replaceAll(/\s*\n\s*/gu, "; ")}\n${trace}`, exitCode };
}

/** Whether stack traces are asked for, by `--debug` or by the variable UPHILL_DEBUG. */
export function wantsDebug(commandLine: readonly string[], { variables }: Pick<Context, "variables">): boolean {
  const variable = variables["UPHILL_DEBUG"] ?? "";
  return commandLine.includes("--debug") || (variable !== "" && variable !== "0");
}

/** The stack of an error, and of those that led to it. */
function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? error.message;
  return error.cause === undefined ? stack : `${stack}\ncaused by: ${traceOf(error.cause)}`;
}

import type { Context } from "./context.js";
import { failureOf, wantsDebug } from "./failure.js";
import { Answered } from "./options/mistakes.js";
import { createProgram } from "./program.js";

/**
 * Runs the command. It throws for nothing: what goes wrong is a sentence on stderr and an exit code.
 *
 * @param commandLine - What was written after `uphill`.
 * @param context - Where output goes; its `exitCode` is set.
 */
export async function run(commandLine: readonly string[], context: Context): Promise<void> {
  try {
    await createProgram(context).parseAsync(commandLine, { from: "user" });
  } catch (error) {
    if (error instanceof Answered) return;
    const { text, exitCode } = failureOf(error, wantsDebug(commandLine, context));
    context.stderr.write(text);
    context.exitCode = exitCode;
  }
}

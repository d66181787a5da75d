import { listenForInterrupt } from "@uphill/training/node";
import { exitCodes } from "./context.js";
import type { Context } from "./context.js";

/**
 * The context of a real process.
 *
 * Where output cannot be written, what still runs is interrupted as by Ctrl-C, and nothing more is written. A reader
 * that closes the pipe (`uphill … | head -1`) is no error; a full disk is one.
 */
export function processContext(): Context {
  const stopped = new AbortController();
  const context: Context = {
    stdout: process.stdout,
    stderr: process.stderr,
    variables: process.env,
    exitCode: 0,
    listenForInterrupt: () => {
      const { signal, release } = listenForInterrupt();
      return { signal: AbortSignal.any([signal, stopped.signal]), release };
    },
  };
  process.stderr.on("error", () => stopped.abort());
  process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== "EPIPE" && !stopped.signal.aborted) {
      process.stderr.write(`uphill: standard output: cannot be written: ${message}\n`);
      process.once("exit", () => (process.exitCode = exitCodes.failed));
    }
    stopped.abort();
  });
  return context;
}

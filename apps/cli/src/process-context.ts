import { listenForInterrupt } from "@uphill/training/node";
import type { Context } from "./context.js";

/**
 * The context of a real process.
 *
 * A reader that closes the pipe (`uphill … | head -1`) is no error: what still runs is interrupted as by Ctrl-C, and
 * nothing more is written.
 */
export function processContext(): Context {
  const closed = new AbortController();
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      closed.abort();
    });
  }
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    variables: process.env,
    exitCode: 0,
    listenForInterrupt: () => {
      const { signal, release } = listenForInterrupt();
      return { signal: AbortSignal.any([signal, closed.signal]), release };
    },
  };
}

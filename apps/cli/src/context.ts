import type { Interrupt, ProgressStream } from "@uphill/training/node";

/** What a command has to do with the world outside: the process in life, strings in tests. */
export interface Context {
  /** Results. */
  readonly stdout: ProgressStream;
  /** Progress, notes and errors. */
  readonly stderr: ProgressStream;
  /** Environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The code that the process ends with; a command sets it where it is not 0. */
  exitCode: number;
  /** Listens for Ctrl-C, and for whatever else ends a command early. */
  listenForInterrupt(): Interrupt;
}

/** Exit codes: 0 is success. */
export const exitCodes = {
  /** The command did what it was asked to, and the answer is no; or something went wrong while it ran. */
  failed: 1,
  /** What the user gave cannot be worked with. */
  badInput: 2,
  /** Stopped by Ctrl-C, with the work so far kept: 128 + SIGINT, as shells count. */
  interrupted: 130,
} as const;

import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { onTestFinished } from "vitest";
import { commandFile } from "./build-command.js";

/** The command in a process of its own. */
export class UphillProcess {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<unknown[]>;
  #stderr = "";

  /**
   * @param commandLine - What follows `uphill`.
   * @param cwd - Where it runs.
   */
  constructor(commandLine: readonly string[], cwd?: string) {
    // Without what npm sets, by which the command would know that it runs in a clone.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
    this.#child = spawn(process.execPath, [commandFile, ...commandLine], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    this.#ended = once(this.#child, "close");
    this.#child.stderr.on("data", (data: Buffer) => (this.#stderr += data.toString()));
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
    onTestFinished(() => void this.#child.kill("SIGKILL"));
  }

  /** What it wrote to stderr so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** The next line of its stdout; undefined at the end. */
  async line(): Promise<string | undefined> {
    const { value, done } = await this.#lines.next();
    return done === true ? undefined : value;
  }

  /** Waits for so many lines. */
  async lines(count: number): Promise<void> {
    for (let read = 0; read < count; read++) await this.line();
  }

  /** Stops reading its stdout, as `head` does when it has enough. */
  closeStdout(): void {
    this.#child.stdout.destroy();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits for its end: its exit code, or the signal that ended it. */
  async end(): Promise<number | string> {
    const [code, signal] = await this.#ended;
    return (code ?? signal) as number | string;
  }
}

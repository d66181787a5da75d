import { PassThrough } from "node:stream";
import { run } from "../src/run.js";

/** What a command left behind. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a test does to a command while it runs. */
export interface Influence {
  /** Plays Ctrl-C. */
  readonly signal?: AbortSignal;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Runs the command in this process. */
export async function uphillWith(influence: Influence, ...commandLine: readonly string[]): Promise<Ended> {
  const { signal = new AbortController().signal, variables = {} } = influence;
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const context = {
    stdout,
    stderr,
    variables,
    exitCode: 0,
    listenForInterrupt: () => ({ signal, release: () => undefined }),
  };
  await run(commandLine, context);
  return { exitCode: context.exitCode, stdout: written(stdout), stderr: written(stderr) };
}

/** Runs the command in this process, undisturbed. */
export async function uphill(...commandLine: readonly string[]): Promise<Ended> {
  return uphillWith({}, ...commandLine);
}

/** Runs the command with `--json`, and parses what it prints; throws where it fails. */
export async function uphillJson(...commandLine: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const { exitCode, stdout, stderr } = await uphill(...commandLine, "--json");
  if (exitCode !== 0) throw new Error(`uphill ${commandLine.join(" ")} ended with ${exitCode}: ${stderr}`);
  return parseLines(stdout);
}

/** Each line of JSONL, which ends with a line break, as an object. */
export function parseLines(text: string): readonly Record<string, unknown>[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function written(stream: PassThrough): string {
  const bytes = stream.read() as Buffer | null;
  return bytes?.toString() ?? "";
}

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Settings } from "./benchmark.js";
import type { Contender, Missing } from "./contender.js";

const folder = fileURLToPath(new URL("../peers/", import.meta.url));
const programs = [`${folder}.venv/bin/python`, `${folder}.venv\\Scripts\\python.exe`];

/** One thread, whatever the library that computes. */
const oneThread = {
  OMP_NUM_THREADS: "1",
  MKL_NUM_THREADS: "1",
  OPENBLAS_NUM_THREADS: "1",
  XLA_FLAGS: "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
  JAX_PLATFORMS: "cpu",
  TF_CPP_MIN_LOG_LEVEL: "3",
};

/** Why Python's peers are not here; undefined where they are. */
function pythonMissing({ peers }: Settings): string | undefined {
  if (!peers) return "left out by --no-peers";
  return pythonProgram() === undefined ? "not installed: npm run bench:peers" : undefined;
}

/** A script of `benchmarks/peers`. */
interface PythonWork {
  readonly script: string;
  readonly parameters?: readonly (number | string)[];
  /**
   * `kept` is one process for all turns; `fresh` is one a turn, which says how long its work took; `whole` is one a turn,
   * timed from its start to its answer, and told the round, from 1, as a seed. The default is `kept`.
   */
  readonly process?: "kept" | "fresh" | "whole";
}

/**
 * A script as a contender. It is told on its standard input how often to do its work, and answers with the microseconds
 * that one took.
 */
export function pythonContender(name: string, work: PythonWork, settings: Settings): Contender | Missing {
  const { script, parameters = [], process: kind = "kept" } = work;
  const missing = pythonMissing(settings);
  if (missing !== undefined) return { name, missing };
  if (kind === "kept") {
    let peer: Peer | undefined;
    const run = (repeats: number) => (peer ??= new Peer(script, parameters)).ask(repeats);
    return { name, run, close: () => peer?.close() };
  }
  const run = async (_: number, round: number): Promise<number> => {
    const start = performance.now();
    const peer = new Peer(script, parameters);
    const us = await peer.ask(kind === "whole" ? round + 1 : 1);
    const wholeUs = 1e3 * (performance.now() - start);
    await peer.close();
    return kind === "whole" ? wholeUs : us;
  };
  return { name, run };
}

class Peer {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #script: string;

  constructor(script: string, parameters: readonly (number | string)[]) {
    this.#script = script;
    this.#child = spawn(pythonProgram()!, [`${folder}${script}`, ...parameters.map(String)], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...oneThread },
    });
    this.#answers = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  async ask(repeats: number): Promise<number> {
    this.#child.stdin!.write(`${repeats}\n`);
    const { value, done } = await this.#answers.next();
    const us = Number(value);
    if (done === true || !(us > 0)) throw new Error(`${this.#script}: expected a time, got ${done ? "nothing" : value}`);
    return us;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => {
      this.#child.once("close", resolve);
    });
    this.#child.stdin!.end();
    if (this.#child.exitCode === null) await closed;
  }
}

function pythonProgram(): string | undefined {
  return programs.find(existsSync);
}

import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FileError, requireString } from "@uphill/core-math";
import type { JsonValue } from "@uphill/envs";
import { decodeJson, encodeJson } from "../checkpoint/json-numbers.js";
import type { Metrics } from "../report/metrics.js";
import type { Report } from "../report/report.js";
import { errorCode, fileError } from "./file-error.js";
import { MetricsFile } from "./metrics-file.js";
import { readFileBytes } from "./read-file-bytes.js";
import { temporaryPrefix, writeFileAtomically } from "./write-atomically.js";

const CONFIG = "config.json";
const METRICS = "metrics.jsonl";
const CHECKPOINT = "checkpoint.safetensors";
const BEST = "best.safetensors";
const FILES: readonly string[] = [CONFIG, METRICS, CHECKPOINT, BEST];

/** Which of a run's two checkpoints: the one to resume from, or the best one so far. */
export type CheckpointName = "latest" | "best";

/**
 * A folder with everything about one training run: `config.json` (what it was started with), `metrics.jsonl` (a report
 * a line), `checkpoint.safetensors` (to resume from) and `best.safetensors`. Every file but the metrics is written
 * whole or not at all.
 *
 * Append the metrics of an iteration before its checkpoint: after a crash between the two, `rewind` drops what the
 * checkpoint does not know, and the resumed run writes it again.
 */
export class RunFolder {
  /** The folder's path, as given. */
  readonly path: string;
  /** What the run was started with: algorithm, environment, options, seed. */
  readonly config: JsonValue;
  readonly #metrics: MetricsFile;

  private constructor(path: string, config: JsonValue) {
    this.path = path;
    this.config = config;
    this.#metrics = new MetricsFile(join(path, METRICS));
  }

  /**
   * Starts a run in a folder, which is made where it does not exist.
   *
   * @param path - The folder.
   * @param config - What the run is started with.
   * @param options - `overwrite`: whether the files of a run that is already there may be deleted; other files stay.
   * @throws FileError where a run is already there, or where the folder cannot be written.
   */
  static async create(
    path: string,
    config: JsonValue,
    { overwrite = false }: { readonly overwrite?: boolean } = {},
  ): Promise<RunFolder> {
    const text = `${encodeJson("config", config, 2)}\n`;
    await makeFolder(requireString("path", path));
    const names = await namesIn(path);
    if (!overwrite && names.some(isRunFile)) {
      throw new FileError(
        `${path}: expected a folder without a run, got one that has one: resume, overwrite or move it`,
      );
    }
    await removeFiles(
      path,
      names.filter((name) => isRunFile(name) || isTemporary(name)),
    );
    await writeFileAtomically(join(path, CONFIG), text);
    return new RunFolder(path, config);
  }

  /**
   * Opens a run that was started before.
   *
   * @param path - The folder.
   * @throws FileError where there is no run; FormatError where its `config.json` is damaged.
   */
  static async open(path: string): Promise<RunFolder> {
    const names = await namesIn(requireString("path", path));
    if (!names.includes(CONFIG))
      throw new FileError(`${path}: expected a folder with a run, got one without ${CONFIG}`);
    const file = join(path, CONFIG);
    const config = decodeJson(file, new TextDecoder().decode(await readFileBytes(file)));
    await removeFiles(path, names.filter(isTemporary));
    return new RunFolder(path, config);
  }

  /**
   * Adds a report to the metrics.
   *
   * @throws FileError where the file cannot be written; OptionError where the report holds what JSON has no form for.
   */
  async appendMetrics(report: Report): Promise<void> {
    await this.#metrics.append(report);
  }

  /**
   * The reports so far, without a last line that was cut off.
   *
   * @throws FormatError naming a damaged line; FileError where the file cannot be read.
   */
  async metrics(): Promise<readonly Metrics[]> {
    return this.#metrics.read();
  }

  /**
   * Goes back to a checkpoint's step: drops the metrics of later ones. Call it on resuming.
   *
   * @param steps - The checkpoint's steps.
   * @throws FormatError, FileError as {@link metrics}.
   */
  async rewind(steps: number): Promise<void> {
    await this.#metrics.rewind(steps);
  }

  /**
   * Writes a checkpoint, after making sure that the metrics up to it are on the disk.
   *
   * @param bytes - What `agent.checkpoint()` gives.
   * @param name - `latest` to resume from, `best` to keep beside it.
   * @throws FileError where it cannot be written; the previous one is unharmed then.
   */
  async saveCheckpoint(bytes: Uint8Array, name: CheckpointName = "latest"): Promise<void> {
    await this.#metrics.sync();
    await writeFileAtomically(this.#checkpointPath(name), bytes);
  }

  /**
   * Reads a checkpoint.
   *
   * @param name - Which.
   * @throws FileError where there is none.
   */
  async loadCheckpoint(name: CheckpointName = "latest"): Promise<Uint8Array> {
    return readFileBytes(this.#checkpointPath(name));
  }

  /** Whether there is a checkpoint of that name. */
  async hasCheckpoint(name: CheckpointName = "latest"): Promise<boolean> {
    return (await namesIn(this.path)).includes(name === "latest" ? CHECKPOINT : BEST);
  }

  #checkpointPath(name: CheckpointName): string {
    return join(this.path, name === "latest" ? CHECKPOINT : BEST);
  }
}

function isRunFile(name: string): boolean {
  return FILES.includes(name);
}

/** Whether a name is that of a temporary file, which a process that was killed has left. */
function isTemporary(name: string): boolean {
  return FILES.some((file) => name.startsWith(temporaryPrefix(file)));
}

/** Makes a folder and those above it. Not by `recursive`, which in `/proc` tries for ever (Node.js 20 to 24). */
async function makeFolder(path: string): Promise<void> {
  try {
    await makeFolderIn(path);
  } catch (cause) {
    if (errorCode(cause) === "EEXIST") throw new FileError(`${path}: expected a folder, got a file`, { cause });
    throw fileError(path, "created", cause);
  }
}

async function makeFolderIn(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (cause) {
    const code = errorCode(cause);
    if (code === "EEXIST" && (await stat(path)).isDirectory()) return;
    if (code !== "ENOENT" || dirname(path) === path) throw cause;
    await makeFolderIn(dirname(path));
    await mkdir(path);
  }
}

async function namesIn(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (cause) {
    if (errorCode(cause) === "ENOTDIR") throw new FileError(`${path}: expected a folder, got a file`, { cause });
    if (errorCode(cause) === "ENOENT") throw new FileError(`${path}: expected a folder, got none`, { cause });
    throw fileError(path, "read", cause);
  }
}

async function removeFiles(path: string, names: readonly string[]): Promise<void> {
  try {
    for (const name of names) await rm(join(path, name));
  } catch (cause) {
    throw fileError(path, "written", cause);
  }
}

import { open, readFile, type FileHandle } from "node:fs/promises";
import { metricsLine, type Metrics, parseMetricsLine } from "../report/metrics.js";
import type { Report } from "../report/report.js";
import { errorCode, fileError } from "./file-error.js";
import { writeFileAtomically } from "./write-atomically.js";

/** A JSONL file of reports: one JSON object a line, in the order of their steps. */
export class MetricsFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Adds a report.
   *
   * @throws FileError where the file cannot be written.
   */
  async append(report: Report): Promise<void> {
    const line = `${metricsLine(report)}\n`;
    await this.#write(async (file) => file.appendFile(line));
  }

  /**
   * Makes sure that what is written is on the disk.
   *
   * @throws FileError where the file cannot be written.
   */
  async sync(): Promise<void> {
    await this.#write(async (file) => file.sync());
  }

  /**
   * All reports of the file. A last line that was cut off when the process was killed counts as not written.
   *
   * @returns The reports; none where there is no file.
   * @throws FormatError naming a line that is no report; FileError where the file cannot be read.
   */
  async read(): Promise<readonly Metrics[]> {
    return (await this.#lines()).map((line, index) => this.#parse(line, index));
  }

  /**
   * Drops the reports of later steps, so that a run which resumes there does not have them twice.
   *
   * @param steps - The last step to keep.
   * @throws FormatError, FileError as {@link read}.
   */
  async rewind(steps: number): Promise<void> {
    const kept = (await this.#lines()).filter((line, index) => this.#parse(line, index).steps <= steps);
    await writeFileAtomically(this.path, kept.map((line) => `${line}\n`).join(""));
  }

  #parse(line: string, index: number): Metrics {
    return parseMetricsLine(`${this.path} line ${index + 1}`, line);
  }

  /** The lines that end with a line break. */
  async #lines(): Promise<readonly string[]> {
    try {
      return (await readFile(this.path, "utf8")).split("\n").slice(0, -1);
    } catch (cause) {
      if (errorCode(cause) === "ENOENT") return [];
      throw fileError(this.path, "read", cause);
    }
  }

  async #write(action: (file: FileHandle) => Promise<void>): Promise<void> {
    try {
      const file = await open(this.path, "a");
      try {
        await action(file);
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw fileError(this.path, "written", cause);
    }
  }
}

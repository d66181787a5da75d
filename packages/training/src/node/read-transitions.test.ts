import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FileError, FormatError } from "@uphill/core-math";
import { box } from "@uphill/envs";
import { describe, expect, test } from "vitest";
import { emptyFolder } from "../../test/folder.js";
import { readTransitions } from "./read-transitions.js";

const spaces = { observationSpace: box({ low: -9, high: 9 }), actionSpace: box({ low: -1, high: 1 }) };
const line = (k: number, more: object = {}): string =>
  JSON.stringify({ observation: [k], action: [0.5], reward: k, nextObservation: [k + 1], terminated: false, ...more });

/** A file of these lines. */
async function fileOf(...lines: readonly string[]): Promise<string> {
  const path = join(await emptyFolder(), "transitions.jsonl");
  await writeFile(path, lines.join("\n"));
  return path;
}

describe("readTransitions", () => {
  test("gives a buffer of just what the file holds", async () => {
    const buffer = await readTransitions(await fileOf(line(0), line(1, { truncated: true }), "", line(7, { terminated: true }), ""), spaces);
    expect([buffer.size, buffer.capacity]).toEqual([3, 3]);
    const batch = buffer.emptyBatch(3);
    batch.rows.set([0, 1, 2]);
    buffer.gather(batch, { gamma: 0.5 });
    expect([...batch.rewards]).toEqual([0, 1, 7]);
    expect([...batch.nextObservations]).toEqual([1, 2, 8]);
    expect([...batch.discounts]).toEqual([0.5, 0.5, 0]);
  });

  test.each<[string, readonly string[], string]>([
    ["no lines", [""], "expected transitions, one a line, got none"],
    ["a line that is no JSON", [line(0), "{"], "line 2: "],
    ["an observation of another size", [line(0, { observation: [1, 2] })], "line 1: observations: expected"],
    ["a reward that is no number", [line(0), "", line(1, { reward: null })], "line 3: reward: expected a finite number"],
  ])("refuses a file with %s, and names it", async (_, lines, message) => {
    const path = await fileOf(...lines);
    await expect(readTransitions(path, spaces)).rejects.toThrow(FormatError);
    await expect(readTransitions(path, spaces)).rejects.toThrow(`${path}: ${message}`);
  });

  test("says why a file cannot be read", async () => {
    const folder = await emptyFolder();
    await expect(readTransitions(join(folder, "none"), spaces)).rejects.toThrow(FileError);
    await expect(readTransitions(join(folder, "none"), spaces)).rejects.toThrow("none: cannot be read: there is no such file");
    await expect(readTransitions(folder, spaces)).rejects.toThrow("cannot be read: it is a folder");
  });
});

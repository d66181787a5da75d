import { FileError, OptionError } from "@uphill/core-math";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { corridor } from "../../test/corridor.js";
import { makeEnvironment } from "../make.js";
import { timeLimit } from "../wrappers/time-limit.js";
import { recordToFile } from "./record-to-file.js";

const short = timeLimit(corridor, 2);

test("episodes are appended to the file, line by line", () => {
  const folder = mkdtempSync(join(tmpdir(), "uphill-record-"));
  try {
    const path = join(folder, "episodes.jsonl");
    for (const seed of [1, 2]) {
      const environment = makeEnvironment(recordToFile(short, path));
      environment.reset({ seed });
      for (let t = 0; t < 2; t++) environment.step(1);
      environment.close();
    }
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { actions: number[] }).actions)).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(lines[0]).not.toBe(lines[1]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("what is no file is refused, at once or when it is written", () => {
  expect(() => recordToFile(corridor, "")).toThrow(OptionError);
  const environment = makeEnvironment(recordToFile(short, join(tmpdir(), "no-such-folder", "x", "episodes.jsonl")));
  environment.reset();
  environment.step(1);
  expect(() => environment.step(1)).toThrow(FileError);
});

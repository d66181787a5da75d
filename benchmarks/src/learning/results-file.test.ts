import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FormatError } from "@uphill/core-math";
import { describe, expect, test } from "vitest";
import { emptyFolder } from "../../../packages/training/test/folder.js";
import { findConfiguration } from "./configurations.js";
import { addResult, curvePoints, readResults, resultsPath } from "./results-file.js";
import type { SeedResult } from "./results-file.js";

const configuration = findConfiguration("ppo-CartPole-v1");

function result(seed: number, meanReturn = 400): SeedResult {
  const curve = Array.from({ length: curvePoints }, (_, i) => (i === 0 ? null : i));
  return { seed, meanReturn, standardDeviation: 1.5, curve, seconds: 2, node: "v20.0.0" };
}

async function resultsFolder(): Promise<string> {
  const folder = await emptyFolder();
  await mkdir(join(folder, "results"));
  return folder;
}

describe("a file of results", () => {
  test("collects the seeds in their order, the last result of each", async () => {
    const folder = await resultsFolder();
    expect((await readResults(folder, configuration)).seeds).toEqual([]);
    for (const one of [result(3), result(1), result(2), result(1, 500)]) await addResult(folder, configuration, one);
    expect((await readResults(folder, configuration)).seeds).toEqual([result(1, 500), result(2), result(3)]);
  });

  test("of other settings counts as none, and is replaced", async () => {
    const folder = await resultsFolder();
    await addResult(folder, configuration, result(1));
    const other = { ...configuration, steps: 5 };
    expect((await readResults(folder, other)).seeds).toEqual([]);
    await addResult(folder, other, result(2));
    expect((await readResults(folder, other)).seeds).toEqual([result(2)]);
    expect((await readResults(folder, configuration)).seeds).toEqual([]);
  });

  test.each<[string, (text: string) => string]>([
    ["cut off", (text) => text.slice(0, 300)],
    ["empty", () => ""],
    ["of another format", (text) => text.replace('"format": 1', '"format": 2')],
    ["without seeds", (text) => text.replace('"seeds"', '"sheds"')],
    ["with a return that is none", (text) => text.replace("400", '"many"')],
    ["with a curve that is too short", (text) => text.replace("null, 1,", "")],
  ])("that is %s is named and left as it is", async (_, damage) => {
    const folder = await resultsFolder();
    await addResult(folder, configuration, result(1));
    const path = resultsPath(folder, configuration);
    const damaged = damage(await readFile(path, "utf8"));
    await writeFile(path, damaged);
    await expect(readResults(folder, configuration)).rejects.toThrow(FormatError);
    await expect(addResult(folder, configuration, result(2))).rejects.toThrow(
      /ppo-CartPole-v1\.json.*; take it from version control, or delete it and run again$/u,
    );
    expect(await readFile(path, "utf8")).toBe(damaged);
  });
});

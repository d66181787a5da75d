import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cartPole } from "@uphill/envs";
import { ppoAlgorithm } from "@uphill/pg-algorithms";
import type { Report } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { emptyFolder } from "../../../packages/training/test/folder.js";
import type { Configuration } from "./configuration.js";
import { curvePoints } from "./results-file.js";
import { learningCurve, seedFolder, trainSeed } from "./train-seed.js";
import type { SeedRun } from "./train-seed.js";

const configuration: Configuration = {
  name: "small",
  family: "on-policy",
  algorithm: "ppo",
  environment: "CartPole-v1",
  steps: 4000,
  goal: null,
  options: { environments: 4, rolloutSteps: 64, minibatchSize: 64, hiddenWidths: [4], epochs: 2 },
};

function run(runs: string, more: Partial<SeedRun> = {}) {
  return trainSeed({
    configuration,
    algorithm: ppoAlgorithm,
    env: cartPole,
    seed: 3,
    runs,
    checkpointEveryMs: 0,
    signal: new AbortController().signal,
    onReport: () => undefined,
    ...more,
  });
}

/** All of a result but the time that it took. */
async function resultOf(runs: string, more?: Partial<SeedRun>): Promise<object> {
  const { seconds, ...result } = (await run(runs, more))!;
  expect(seconds).toBeGreaterThan(0);
  return result;
}

async function interruptAfter(runs: string, iteration: number): Promise<void> {
  const controller = new AbortController();
  const onReport = (report: Report) => report.iteration === iteration && controller.abort();
  expect(await run(runs, { signal: controller.signal, onReport })).toBeUndefined();
}

describe("trainSeed", () => {
  test("trains for the whole budget and evaluates the last policy", async () => {
    const reports: Report[] = [];
    const result = await resultOf(await emptyFolder(), { onReport: (report) => reports.push(report) });
    expect(reports.at(-1)!.steps).toBe(4000);
    expect(result).toMatchObject({ seed: 3, node: process.version });
    expect(Object.keys(result)).toEqual(["seed", "meanReturn", "standardDeviation", "curve", "node"]);
  });

  test.each([1, 5, 15])("gives the same result where it was interrupted after iteration %i", async (at) => {
    const runs = await emptyFolder();
    await interruptAfter(runs, at);
    expect(await resultOf(runs)).toEqual(await resultOf(await emptyFolder()));
  });

  // What a process leaves that is killed after iteration 9, when its last checkpoint was that of iteration 4.
  test("goes on from the last checkpoint where metrics are ahead of it and cut off", async () => {
    const runs = await emptyFolder();
    const folder = seedFolder(runs, configuration, 3);
    const checkpoint = join(folder, "checkpoint.safetensors");
    await interruptAfter(runs, 4);
    const kept = await readFile(checkpoint);
    await interruptAfter(runs, 9);
    await writeFile(checkpoint, kept);
    await appendFile(join(folder, "metrics.jsonl"), '{"steps":2560,"iter');
    expect(await resultOf(runs)).toEqual(await resultOf(await emptyFolder()));
  });

  test("evaluates again, without training, where it was killed after training", async () => {
    const runs = await emptyFolder();
    const first = await resultOf(runs);
    const again = await resultOf(runs, { onReport: () => expect.unreachable() });
    expect(again).toEqual(first);
  });

  test.each(["checkpoint.safetensors", "metrics.jsonl", "config.json"])("begins anew where %s is damaged", async (name) => {
    const runs = await emptyFolder();
    const whole = await resultOf(runs);
    await writeFile(join(seedFolder(runs, configuration, 3), name), "{}\n}");
    expect(await resultOf(runs)).toEqual(whole);
  });

  test("begins anew where what was left is of other settings", async () => {
    const other = { ...configuration, options: { ...configuration.options, gamma: 0.9 } };
    const runs = await emptyFolder();
    await run(runs, { configuration: other });
    expect(await resultOf(runs)).toEqual(await resultOf(await emptyFolder()));
  });
});

test("a learning curve has the last report at or before each of its points", () => {
  const metrics = [
    { steps: 100, meanReturn: null },
    { steps: 250, meanReturn: 1.23456789 },
    { steps: 1000, meanReturn: 7 },
  ];
  const curve = learningCurve(metrics, 1000);
  expect(curve).toHaveLength(curvePoints);
  expect(curve.slice(0, 12)).toEqual(Array.from({ length: 12 }, () => null));
  expect(new Set(curve.slice(12, 49))).toEqual(new Set([1.23457]));
  expect(curve[49]).toBe(7);
});

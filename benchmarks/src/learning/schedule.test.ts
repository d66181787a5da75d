import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { emptyFolder } from "../../../packages/training/test/folder.js";
import { selectConfigurations } from "./configurations.js";
import { addResult, curvePoints, readResults } from "./results-file.js";
import type { SeedResult } from "./results-file.js";
import { runJobs, unfinishedJobs } from "./schedule.js";
import type { Job, ScheduleOptions } from "./schedule.js";

const two = selectConfigurations({ environment: "CartPole-v1", family: "on-policy" }).slice(0, 2);

function resultOf({ seed }: Job): SeedResult {
  const curve = Array.from({ length: curvePoints }, () => 0);
  return { seed, meanReturn: 1, standardDeviation: 0, curve, seconds: 1, node: "v20.0.0" };
}

async function folderWithResults(): Promise<string> {
  const folder = await emptyFolder();
  await mkdir(join(folder, "results"));
  return folder;
}

function options(folder: string, more: Partial<ScheduleOptions> = {}): ScheduleOptions {
  return {
    folder,
    jobs: 1,
    signal: new AbortController().signal,
    start: async (job) => resultOf(job),
    onResult: async () => undefined,
    onProgress: () => undefined,
    ...more,
  };
}

const names = (jobs: readonly Job[]) => jobs.map(({ configuration, seed }) => `${configuration.name} ${seed}`);

describe("jobs", () => {
  test("are the seeds without a result, first seeds first", async () => {
    const folder = await folderWithResults();
    const all = await unfinishedJobs(folder, two, [1, 2]);
    expect(names(all)).toEqual([1, 2].flatMap((seed) => two.map(({ name }) => `${name} ${seed}`)));
    await addResult(folder, two[0], resultOf({ configuration: two[0], seed: 1 }));
    expect(names(await unfinishedJobs(folder, two, [1, 2]))).toEqual(names(all).slice(1));
  });

  test("are run as many at once as is asked, each once, and leave their results", async () => {
    const folder = await folderWithResults();
    const started: Job[] = [];
    let atOnce = 0;
    let most = 0;
    const start = async (job: Job): Promise<SeedResult> => {
      started.push(job);
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 1));
      atOnce--;
      return resultOf(job);
    };
    const all = await unfinishedJobs(folder, two, [1, 2, 3]);
    const known: number[] = [];
    const onResult = async (): Promise<void> => void known.push((await readResults(folder, two[0])).seeds.length);
    const end = await runJobs(all, options(folder, { jobs: 2, start, onResult }));
    expect(known).toHaveLength(6);
    expect(known.at(-1)).toBe(3);
    expect(end).toEqual({ finished: 6, failures: [] });
    expect(names(started)).toEqual(names(all));
    expect(most).toBe(2);
    for (const one of two) expect((await readResults(folder, one)).seeds.map(({ seed }) => seed)).toEqual([1, 2, 3]);
    expect(await unfinishedJobs(folder, two, [1, 2, 3])).toEqual([]);
    expect((await readdir(join(folder, "results"))).sort()).toEqual(two.map(({ name }) => `${name}.json`).sort());
  });

  test("that fail are named, and the others are run", async () => {
    const folder = await folderWithResults();
    const start = async (job: Job) => {
      if (job.seed === 2) throw new Error("out of luck");
      return resultOf(job);
    };
    const end = await runJobs(await unfinishedJobs(folder, [two[0]], [1, 2, 3]), options(folder, { start }));
    expect(end).toEqual({ finished: 2, failures: [`${two[0].name} seed 2: out of luck`] });
    expect(names(await unfinishedJobs(folder, [two[0]], [1, 2, 3]))).toEqual([`${two[0].name} 2`]);
  });

  test("are not begun any more when it is interrupted", async () => {
    const folder = await folderWithResults();
    const controller = new AbortController();
    const start = async (job: Job) => {
      if (job.seed === 1) return resultOf(job);
      controller.abort();
      return undefined;
    };
    const jobs = await unfinishedJobs(folder, [two[0]], [1, 2, 3]);
    expect(await runJobs(jobs, options(folder, { signal: controller.signal, start }))).toMatchObject({ finished: 1 });
    expect(names(await unfinishedJobs(folder, [two[0]], [1, 2, 3]))).toEqual(names(jobs).slice(1));
  });
});

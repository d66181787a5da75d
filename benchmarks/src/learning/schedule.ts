import { rm } from "node:fs/promises";
import type { Configuration } from "./configuration.js";
import { addResult, readResults } from "./results-file.js";
import type { SeedResult } from "./results-file.js";
import { seedFolder } from "./train-seed.js";

/** One seed of a configuration that is to be run. */
export interface Job {
  readonly configuration: Configuration;
  readonly seed: number;
}

/** How jobs are run. */
export interface ScheduleOptions {
  /** Folder of the results and, in `.runs`, of unfinished work. */
  readonly folder: string;
  /** How many run at once. */
  readonly jobs: number;
  /** Ends it: no job is begun any more. */
  readonly signal: AbortSignal;
  /** Runs one; undefined where it was interrupted. */
  readonly start: (job: Job, tell: (progress: string) => void) => Promise<SeedResult | undefined>;
  /** Does what follows from a new result, such as writing the page. */
  readonly onResult: () => Promise<void>;
  /** Told of what is going on, a line. */
  readonly onProgress: (line: string) => void;
}

/** How it ended. */
export interface ScheduleEnd {
  readonly finished: number;
  readonly failures: readonly string[];
}

/** The seeds that have no result yet, first seeds of all configurations first. @throws FormatError for damaged results. */
export async function unfinishedJobs(
  folder: string,
  configurations: readonly Configuration[],
  seeds: readonly number[],
): Promise<readonly Job[]> {
  const done = new Map<Configuration, ReadonlySet<number>>();
  for (const configuration of configurations) {
    const { seeds: results } = await readResults(folder, configuration);
    done.set(configuration, new Set(results.map(({ seed }) => seed)));
  }
  return seeds.flatMap((seed) =>
    configurations
      .filter((configuration) => done.get(configuration)?.has(seed) !== true)
      .map((configuration) => ({ configuration, seed })),
  );
}

/** Runs jobs, some at once, and writes the result of each as soon as it has one. One that fails stops no other. */
export async function runJobs(jobs: readonly Job[], options: ScheduleOptions): Promise<ScheduleEnd> {
  const waiting = [...jobs];
  const running = new Map<Job, string>();
  const failures: string[] = [];
  let finished = 0;
  const show = (): void => {
    const parts = [...running].map(([job, progress]) => `${jobName(job)}: ${progress}`);
    options.onProgress([`${finished} of ${jobs.length} seeds done`, ...parts].join("; "));
  };
  const work = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined && !options.signal.aborted; job = waiting.shift()) {
      const current = job;
      running.set(current, "starting");
      show();
      try {
        const result = await options.start(current, (progress) => {
          running.set(current, progress);
          show();
        });
        if (result !== undefined) {
          await oneAtATime(async () => keep(current, result, options));
          finished++;
        }
      } catch (error) {
        failures.push(`${jobName(current)}: ${error instanceof Error ? error.message : String(error)}`);
      }
      running.delete(current);
      show();
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, work));
  return { finished, failures };
}

/** Results first, then away with the work: killed between the two, the seed counts as finished all the same. */
async function keep({ configuration, seed }: Job, result: SeedResult, { folder, onResult }: ScheduleOptions): Promise<void> {
  await addResult(folder, configuration, result);
  await onResult();
  await rm(seedFolder(runsFolder(folder), configuration, seed), { recursive: true, force: true });
}

let last: Promise<void> = Promise.resolve();

/** Two seeds may end together, and add to one file. */
async function oneAtATime(action: () => Promise<void>): Promise<void> {
  const mine = last.then(action);
  last = mine.catch(() => undefined);
  return mine;
}

/** Where unfinished work is. */
export function runsFolder(folder: string): string {
  return `${folder}/.runs`;
}

function jobName({ configuration, seed }: Job): string {
  return `${configuration.name} seed ${seed}`;
}

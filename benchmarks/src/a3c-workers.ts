import { a3c } from "@uphill/actor-critic";
import { cartPole } from "@uphill/envs";
import { integerParameter } from "./harness/benchmark.js";
import type { Benchmark } from "./harness/benchmark.js";
import type { Row } from "./harness/row.js";
import { median, quantile } from "./harness/statistics.js";

/** Environments of each worker. */
const counts = [1, 4, 8];

/** Steps a second of A3C by one worker and by two, in turns, and how many times as many two take. */
export const a3cWorkers: Benchmark = {
  name: "a3c-workers",
  summary: "environment steps a second of A3C on CartPole-v1 by 1 worker and by 2, [STEPS = 200000] of each in turns, with 1, 4 and 8 environments each",
  rounds: 6,
  run: async ([text], { rounds }) => {
    const steps = integerParameter("STEPS", text, 200_000, 1);
    const rows: Row[] = [];
    for (const environments of counts) rows.push(...(await measureWorkers(environments, steps, rounds)));
    return rows;
  },
};

async function measureWorkers(environments: number, steps: number, rounds: number): Promise<Row[]> {
  const agents = [1, 2].map((workers) => a3c({ env: cartPole, seed: 1, workers, environments }));
  // The first turn of each compiles, starts threads, and counts for nothing.
  const speeds: number[][] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    for (const [which, agent] of agents.entries()) {
      const start = performance.now();
      for await (const _ of agent.train({ steps }));
      if (round > 0) speeds[which].push((1e3 * steps) / (performance.now() - start));
    }
  }
  for (const agent of agents) agent.close();
  const work = `${environments} environment${environments === 1 ? "" : "s"} each`;
  const [one, two] = speeds;
  return [
    rowOf(work, "1 worker", "steps/s", one),
    rowOf(work, "2 workers", "steps/s", two),
    rowOf(work, "2 workers over 1", "times", two.map((speed, round) => speed / one[round]), 1.5),
  ];
}

function rowOf(work: string, contender: string, unit: string, values: readonly number[], target: number | null = null): Row {
  const range = [quantile(values, 0.05), quantile(values, 0.95)] as const;
  return { work, contender, unit, median: median(values), range, calibrations: null, timesUphill: null, target };
}

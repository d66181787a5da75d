import { integerParameter } from "./harness/benchmark.js";
import type { Benchmark } from "./harness/benchmark.js";
import { inFreshProcess } from "./harness/fresh-process.js";
import type { Row } from "./harness/row.js";

/** What a replay buffer takes, and what it costs to sample it. */
export const replay: Benchmark = {
  name: "replay",
  summary: "memory of [COUNT = 1000000] transitions of Pendulum-v1; time and allocated heap of a batch of 256, uniform and prioritised",
  rounds: 1,
  run: async ([text], settings) => {
    const count = integerParameter("COUNT", text, 1_000_000, 1);
    const figures = (await inFreshProcess("replay-batches", [count], settings, ["--expose-gc"])) as number[];
    const [megabytes, uniformUs, uniformBytes, prioritizedUs, prioritizedBytes] = figures;
    return [
      rowOf(`${count} transitions`, "MB", megabytes, count === 1_000_000 ? 40 : null),
      rowOf("a uniform batch", "µs", uniformUs),
      rowOf("its heap", "bytes", uniformBytes),
      rowOf("a prioritised batch, and its priorities set", "µs", prioritizedUs),
      rowOf("its heap", "bytes", prioritizedBytes),
    ];
  },
};

function rowOf(work: string, unit: string, median: number, target: number | null = null): Row {
  return { work, contender: "Uphill", unit, median, range: null, calibrations: null, timesUphill: null, target };
}

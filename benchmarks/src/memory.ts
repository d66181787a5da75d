import { integerParameter } from "./harness/benchmark.js";
import type { Benchmark } from "./harness/benchmark.js";
import { inFreshProcess } from "./harness/fresh-process.js";
import type { Row } from "./harness/row.js";

/** Whether programs that are dropped give their memory back. */
export const memory: Benchmark = {
  name: "memory",
  summary: "resident memory after [COUNT = 10000] distinct programs, compiled, run and dropped, and after a tenth of them",
  rounds: 1,
  run: async ([text], settings) => {
    const count = integerParameter("COUNT", text, 10_000, 10);
    const counts = [Math.round(count / 10), count];
    const [early, late] = (await inFreshProcess("many-programs", counts, settings, ["--expose-gc"])) as number[];
    return [
      row(`after ${counts[0]} programs`, "MB", early, null),
      row(`after ${counts[1]} programs`, "MB", late, null),
      row("growth", "%", 100 * (late / early - 1), 5),
    ];
  },
};

function row(work: string, unit: string, value: number, target: number | null): Row {
  const one = { median: value, range: null, calibrations: null, timesUphill: null };
  return { work, contender: "Uphill", unit, ...one, target };
}

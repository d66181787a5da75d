import { integerParameter } from "./harness/benchmark.js";
import type { Benchmark, Settings } from "./harness/benchmark.js";
import { inFreshProcess } from "./harness/fresh-process.js";
import type { Row } from "./harness/row.js";

/** Whether programs that are dropped give their memory back. */
export const memory: Benchmark = {
  name: "memory",
  summary: "resident memory after [COUNT = 10000] distinct programs, compiled, run and dropped, and after a tenth of them",
  rounds: 1,
  run: async ([text], settings) => {
    const count = integerParameter("COUNT", text, 10_000, 10);
    const counts = [Math.round(count / 10), count] as const;
    return [
      ...(await rowsOf("Uphill", "programs", counts, settings)),
      ...(await rowsOf("smallest modules, the engine alone", "modules", counts, settings)),
    ];
  },
};

async function rowsOf(
  contender: string,
  kind: "programs" | "modules",
  counts: readonly [number, number],
  settings: Settings,
): Promise<Row[]> {
  const flags = ["--expose-gc"];
  const [early, late] = (await inFreshProcess("many-programs", [kind, ...counts], settings, flags)) as number[];
  const none = { range: null, calibrations: null, timesUphill: null, target: null };
  return [
    { work: `after ${counts[0]}`, contender, unit: "MB", median: early, ...none },
    { work: `after ${counts[1]}`, contender, unit: "MB", median: late, ...none },
    { work: "growth", contender, unit: "%", median: 100 * (late / early - 1), ...none, target: kind === "programs" ? 5 : null },
  ];
}

import { arch, cpus, platform } from "node:os";
import { calibration, calibrationOperations } from "./calibration.js";
import type { Row } from "./row.js";
import { median } from "./statistics.js";

/** A benchmark's figures, and what they were measured on. */
export interface Report {
  readonly benchmark: string;
  readonly machine: string;
  readonly node: string;
  readonly relaxedSimd: boolean;
  /** Speed of the calibration product, in GFLOP/s. */
  readonly calibrationGigaflops: number;
  readonly rounds: number;
  readonly rows: readonly Row[];
}

export async function makeReport(
  of: Pick<Report, "benchmark" | "relaxedSimd" | "rounds" | "rows">,
): Promise<Report> {
  const reference = await calibration();
  const times: number[] = [];
  for (let round = 0; round < 20; round++) times.push(await reference.run(2, round));
  const machine = `${cpus()[0]?.model.trim() ?? "unknown"}, ${platform()} ${arch()}`;
  const calibrationGigaflops = calibrationOperations / median(times) / 1e3;
  return { ...of, machine, node: process.version, calibrationGigaflops };
}

/** The report as people read it. */
export function formatReport(report: Report): string {
  const { benchmark, machine, node, relaxedSimd, calibrationGigaflops, rounds, rows } = report;
  const heading = [
    `${benchmark}: ${machine}, Node.js ${node}, ${relaxedSimd ? "relaxed" : "plain"} SIMD`,
    `calibration: onnxruntime-node, 256×256×256, ${number(calibrationGigaflops)} GFLOP/s; medians of ${rounds} turns`,
  ];
  const titles = ["work", "contender", "median", "unit", "5–95 %", "× calibration", "× Uphill", "to reach"];
  const lines = rows.map((row) =>
    row.missing === undefined
      ? [
          row.work,
          row.contender,
          number(row.median),
          row.unit,
          row.range === null ? "" : row.range.map(number).join("–"),
          number(row.calibrations),
          number(row.timesUphill),
          number(row.target),
        ]
      : [row.work, row.contender, "missing", "", row.missing, "", "", ""],
  );
  return [...heading, "", ...aligned([titles, ...lines])].join("\n");
}

function aligned(cells: readonly (readonly string[])[]): string[] {
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  const isNumber = [false, false, true, false, false, true, true, true];
  return cells.map((line) =>
    line
      .map((cell, column) => (isNumber[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join("  ")
      .trimEnd(),
  );
}

/** Three significant digits, and no more than that of large numbers; nothing for none. */
function number(value: number | null): string {
  if (value === null) return "";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en").replaceAll(",", " ");
  return String(Number(value.toPrecision(3)));
}

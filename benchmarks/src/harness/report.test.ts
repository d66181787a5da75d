import { expect, test } from "vitest";
import { formatReport } from "./report.js";

test("a report as people read it", () => {
  const lines = formatReport({
    benchmark: "update-step",
    machine: "a machine",
    node: "v20.20.2",
    relaxedSimd: false,
    calibrationGigaflops: 84.24,
    rounds: 30,
    rows: [
      { work: "step", contender: "Uphill", unit: "µs", median: 183.4, range: [170.2, 1234.5], calibrations: 0.4567, timesUphill: null, target: 160 },
      { work: "step", contender: "JAX", unit: "µs", median: null, range: null, calibrations: null, timesUphill: null, target: null, missing: "not installed" },
    ],
  }).split("\n");
  expect(lines).toEqual([
    "update-step: a machine, Node.js v20.20.2, plain SIMD",
    "calibration: onnxruntime-node, 256×256×256, 84.2 GFLOP/s; medians of 30 turns",
    "",
    "work  contender   median  unit  5–95 %         × calibration  × Uphill  to reach",
    "step  Uphill         183  µs    170–1 235              0.457                 160",
    "step  JAX        missing        not installed",
  ]);
});

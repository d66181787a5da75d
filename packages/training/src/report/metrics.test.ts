import { FormatError, OptionError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reportAt } from "../../test/report.js";
import { metricsLine, parseMetricsLine } from "./metrics.js";
import type { Report } from "./report.js";

describe("metricsLine and parseMetricsLine", () => {
  it("write NaN as null and keep an algorithm's own numbers", () => {
    const report = { ...reportAt(100, { meanReturn: NaN }), policyLoss: 0.25, stopped: false };
    const line = metricsLine(report);
    expect(line).toBe(
      '{"steps":100,"iteration":1,"elapsedMs":50,"stepsPerSecond":2000,"episodes":3,"meanReturn":null,' +
        '"meanLength":21.5,"policyLoss":0.25,"stopped":false}',
    );
    expect(parseMetricsLine("line 1", line)).toEqual({ ...report, meanReturn: null });
  });

  it("keep every finite number to the bit, on one line", () => {
    const names = fc.string().filter((name) => name !== "steps");
    fc.assert(
      fc.property(fc.dictionary(names, fc.double({ noDefaultInfinity: true, noNaN: true })), (numbers) => {
        const report = { ...reportAt(1), ...numbers };
        const line = metricsLine(report);
        expect(line).not.toContain("\n");
        const positiveZeros = Object.entries(report).map(([name, value]) => [name, value + 0]);
        expect(parseMetricsLine("line 1", line)).toEqual(Object.fromEntries(positiveZeros));
      }),
    );
  });

  it("refuse what is no report", () => {
    expect(() => metricsLine({ ...reportAt(1), losses: [1] } as Report)).toThrow(
      new OptionError("report.losses: expected a number, a string or a boolean, got [1]"),
    );
    expect(() => metricsLine(3 as unknown as Report)).toThrow("report: expected an object, got 3");
  });

  it.each(["", "{", "null", "3", '{"iteration":1}', '{"steps":null}', '{"steps":1,"losses":[1]}'])(
    "refuse the line %j",
    (line) => {
      expect(() => parseMetricsLine("metrics.jsonl line 3", line)).toThrow(FormatError);
      expect(() => parseMetricsLine("metrics.jsonl line 3", line)).toThrow(
        /^metrics\.jsonl line 3: expected a JSON object/u,
      );
    },
  );
});

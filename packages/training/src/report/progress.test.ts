import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reportAt } from "../../test/report.js";
import { formatProgress } from "./progress.js";

describe("formatProgress", () => {
  it("says how far training is, and how good", () => {
    expect(formatProgress(reportAt(51_200, { meanReturn: 123.44, episodes: 1234 }), 100_000)).toBe(
      "51,200 of 100,000 steps (51%), return 123.4, 1,234 episodes, 2,000 steps/s, 25 s left",
    );
  });

  it("says less where it knows less", () => {
    expect(formatProgress(reportAt(512, { meanReturn: NaN, episodes: 0, stepsPerSecond: 0 }), 1024)).toBe(
      "512 of 1,024 steps (50%), no return yet, 0 episodes, 0 steps/s",
    );
    expect(formatProgress(reportAt(8), 1)).toContain("8 of 1 steps (100%)");
    expect(formatProgress(reportAt(512, { episodes: 1 }))).toBe("512 steps, return 21.50, 1 episode, 2,000 steps/s");
  });

  it.each([
    [-1234567, "return -1,234,567"],
    [-999.96, "return -1000.0"],
    [0.0012, "return 0.001"],
    [-0.2, "return -0.200"],
    [0, "return 0.000"],
    [1e-7, "return 1.00e-7"],
    [-2.5e12, "return -2.50e+12"],
  ])("writes the return %d with about four digits", (meanReturn, text) => {
    expect(formatProgress(reportAt(1, { meanReturn }))).toContain(`, ${text},`);
  });

  it.each([
    [59, "59 s left"],
    [61, "2 min left"],
    [7200, "2.0 h left"],
  ])("writes %d seconds as a duration", (seconds, text) => {
    expect(formatProgress(reportAt(0), 2000 * seconds)).toContain(text);
  });

  it("stays on one line for any numbers", () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), fc.nat(), fc.nat(), (meanReturn, stepsPerSecond, steps, total) => {
        const line = formatProgress(reportAt(steps, { meanReturn, stepsPerSecond }), total);
        expect(line).toMatch(/^[\d,]+ of [\d,]+ steps \(.*%\), .*$/u);
      }),
    );
  });
});

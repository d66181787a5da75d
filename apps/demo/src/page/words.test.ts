import fc from "fast-check";
import { expect, test } from "vitest";
import type { RunState } from "./run-state.js";
import { actionText, measureText, statusText, warningText, wholeText } from "./words.js";

test("whole numbers", () => {
  expect([0, 999, 50_176, 1e6, NaN].map(wholeText)).toEqual(["0", "999", "50,176", "1,000,000", "–"]);
});

test("measured numbers in about four digits", () => {
  const shown = [475.26, 500, 0.012634, -1204.7, -0.5, 4.25e-7, -4.25e-7, 0, 3e9, NaN, Infinity].map(measureText);
  expect(shown).toEqual(["475.3", "500", "0.0126", "−1,205", "−0.5", "4.3e-7", "−4.3e-7", "0", "3.0e+9", "–", "–"]);
});

test("a measured number reads back as what was measured", () => {
  fc.assert(
    fc.property(fc.double({ min: -1e12, max: 1e12, noNaN: true }), (value) => {
      const read = Number(measureText(value).replaceAll(",", "").replace("−", "-"));
      expect(Math.abs(read - value)).toBeLessThanOrEqual(0.06 * Math.abs(value));
    }),
  );
});

test("every phase in words", () => {
  const run = { steps: 512, targetSteps: 50_000, warnings: [] };
  const evaluation = { episodes: 100, meanReturn: 500, standardDeviation: 0 };
  const states: [RunState, string, string][] = [
    [{ ...run, phase: "ready", steps: 0, targetSteps: 0 }, "Ready.", "Start"],
    [{ ...run, phase: "starting" }, "Starting …", "Stop"],
    [{ ...run, phase: "training" }, "Training for 50,000 steps.", "Stop"],
    [{ ...run, phase: "stopping" }, "Stopping …", "Stop"],
    [{ ...run, phase: "stopped" }, "Stopped at 512 of 50,000 steps.", "Resume"],
    [{ ...run, phase: "stopped", evaluation: "running" }, "Stopped at 512 of 50,000 steps. Evaluating …", "Resume"],
    [{ ...run, phase: "finished", steps: 50_176, evaluation }, "Finished 50,176 steps. Evaluation: 500.", "Start"],
  ];
  for (const [state, status, action] of states) expect([statusText(state), actionText(state)]).toEqual([status, action]);
});

test("a warning says when, what and what to do", () => {
  const warning = { rule: "kl-exploding", steps: 3072, message: "KL exploding", remedy: "fewer epochs" } as const;
  expect(warningText(warning)).toBe("After 3,072 steps: KL exploding. People usually change: fewer epochs.");
});

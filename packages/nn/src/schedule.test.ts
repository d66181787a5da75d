import { OptionError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { requireSchedule, scheduleValue } from "./schedule.js";
import type { Schedule } from "./schedule.js";

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const progress = fc.double({ min: 0, max: 1, noNaN: true });
const ends = fc.tuple(number, number);
const schedules: [string, (pair: [number, number]) => Schedule][] = [
  ["linear", (linear) => ({ linear })],
  ["cosine", (cosine) => ({ cosine })],
];

test("example: half way, a line and a cosine are both at the middle; at a quarter the cosine lags", () => {
  expect(scheduleValue({ linear: [3e-4, 0] }, 0.5)).toBe(1.5e-4);
  expect(scheduleValue({ cosine: [3e-4, 0] }, 0.5)).toBeCloseTo(1.5e-4, 15);
  expect(scheduleValue({ cosine: [1, 0] }, 0.25)).toBeCloseTo((1 + Math.SQRT1_2) / 2, 14);
});

test("a number is that number at every moment", () => {
  fc.assert(fc.property(number, progress, (value, p) => scheduleValue(value, p) === value));
});

test.each(schedules)("%s starts and ends exactly at its ends", (_, make) => {
  fc.assert(
    fc.property(ends, (pair) => scheduleValue(make(pair), 0) === pair[0] && scheduleValue(make(pair), 1) === pair[1]),
  );
});

test.each(schedules)("%s moves from start to end without turning", (_, make) => {
  fc.assert(
    fc.property(ends, progress, progress, (pair, p, q) => {
      const [early, late] = [Math.min(p, q), Math.max(p, q)].map((at) => scheduleValue(make(pair), at));
      const direction = Math.sign(pair[1] - pair[0]);
      const rounding = 1e-15 * Math.max(...pair.map(Math.abs));
      expect((late - early) * direction).toBeGreaterThanOrEqual(-rounding);
    }),
  );
});

test.each(schedules)("%s is symmetric: reversed ends at p are the ends at 1 − p", (_, make) => {
  fc.assert(
    fc.property(ends, progress, ([a, b], p) => {
      const there = scheduleValue(make([a, b]), p);
      const back = scheduleValue(make([b, a]), 1 - p);
      expect(Math.abs(there - back)).toBeLessThanOrEqual(1e-14 * Math.max(Math.abs(a), Math.abs(b)));
    }),
  );
});

test("what is no schedule is refused", () => {
  const bad = [undefined, null, "3e-4", [1, 2], {}, { linear: 1 }, { linear: [1] }, { cubic: [1, 2] }, { linear: [1, 0], cosine: [1, 0] }];
  for (const value of bad) {
    expect(() => scheduleValue(value as never, 0)).toThrow(
      "schedule: expected a number, { linear: [start, end] } or { cosine: [start, end] }, got",
    );
  }
  expect(() => scheduleValue({ linear: [1, Number.NaN] }, 0)).toThrow("schedule linear[1]: expected a finite number, got NaN");
  expect(() => scheduleValue(Number.NaN, 0)).toThrow(OptionError);
});

test("a progress outside [0, 1] is refused", () => {
  for (const p of [-0.1, 1.1, Number.NaN, "0" as never]) {
    expect(() => scheduleValue({ linear: [1, 0] }, p)).toThrow("progress: expected a finite number in [0, 1]");
  }
});

test("requireSchedule holds both ends to the range", () => {
  expect(requireSchedule("learningRate", { linear: [3e-4, 0] }, { least: 0 })).toEqual({ linear: [3e-4, 0] });
  expect(() => requireSchedule("learningRate", -1, { least: 0 })).toThrow("learningRate: expected a finite number ≥ 0, got -1");
  expect(() => requireSchedule("learningRate", { cosine: [1, -1] }, { least: 0 })).toThrow(
    "learningRate cosine[1]: expected a finite number ≥ 0, got -1",
  );
});

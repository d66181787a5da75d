import { expect, test } from "vitest";
import type { Contender } from "./contender.js";
import { inProcess } from "./contender.js";
import { measure } from "./measure.js";
import { microseconds, stepsPerSecond } from "./row.js";

const settings = { rounds: 4, turnMs: 0.2, relaxedSimd: false, peers: false };

/** Takes as long as it says, without waiting for it, and writes down whose turn it was. */
const scripted = (name: string, times: readonly number[], turns: string[] = []): Contender => ({
  name,
  run: (_, round) => {
    turns.push(name);
    return times[round];
  },
});

test("contenders take turns, and are compared turn by turn", async () => {
  const turns: string[] = [];
  const rows = await measure(
    {
      name: "work",
      figure: microseconds,
      target: 2,
      once: true,
      contenders: [
        scripted("Uphill", [1, 2, 30, 4], turns),
        scripted("peer", [2, 4, 60, 8], turns),
        { name: "other", missing: "not installed" },
      ],
    },
    settings,
  );
  expect(turns).toEqual(["Uphill", "peer", "peer", "Uphill", "Uphill", "peer", "peer", "Uphill"]);
  expect(rows.map(({ contender, median, timesUphill, target }) => [contender, median, timesUphill, target])).toEqual([
    ["Uphill", 3, null, 2],
    ["peer", 6, 2, null],
    ["other", null, null, null],
  ]);
  expect(rows[0].calibrations).toBeGreaterThan(0);
  expect(rows[2].missing).toBe("not installed");
});

test("a figure may be one of which more is better", async () => {
  const contenders = [scripted("Uphill", [10, 10, 20, 20])];
  const [row] = await measure({ name: "work", figure: stepsPerSecond, once: true, contenders }, settings);
  expect(row.median).toBe(75_000);
});

test("a short work is repeated until a turn takes long enough to time", async () => {
  let runs = 0;
  const contenders = [inProcess("Uphill", () => void runs++)];
  const [row] = await measure({ name: "work", figure: microseconds, contenders }, settings);
  expect(runs).toBeGreaterThan(settings.rounds);
  expect(row.median).toBeGreaterThan(0);
});

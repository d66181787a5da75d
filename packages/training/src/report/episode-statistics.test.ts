import { FormatError, OptionError, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EpisodeStatistics, type StepOutcome } from "./episode-statistics.js";

function outcome(rewards: number[], terminated: number[], truncated: number[] = rewards.map(() => 0)): StepOutcome {
  return {
    rewards: Float64Array.from(rewards),
    terminated: Uint8Array.from(terminated),
    truncated: Uint8Array.from(truncated),
  };
}

const anyFlags = fc.array(fc.nat({ max: 1 }), { minLength: 3, maxLength: 3 });

/** Any steps of three environments with such rewards. */
function stepsOf(reward: fc.Arbitrary<number>): fc.Arbitrary<StepOutcome[]> {
  const rewards = fc.array(reward, { minLength: 3, maxLength: 3 });
  return fc.array(fc.tuple(rewards, anyFlags, anyFlags).map((parts) => outcome(...parts)));
}

describe("EpisodeStatistics", () => {
  it("counts an episode when it ends, either way", () => {
    const statistics = new EpisodeStatistics(2);
    expect([statistics.episodes, statistics.meanReturn, statistics.meanLength]).toEqual([0, NaN, NaN]);
    statistics.record(outcome([1, 10], [0, 0]));
    statistics.record(outcome([2, 20], [1, 0]));
    expect([statistics.episodes, statistics.meanReturn, statistics.meanLength]).toEqual([1, 3, 2]);
    statistics.record(outcome([5, 30], [0, 0], [0, 1]));
    expect([statistics.episodes, statistics.meanReturn, statistics.meanLength]).toEqual([2, (3 + 60) / 2, 2.5]);
  });

  it("agrees with episodes that are kept whole, over the last ones only", () => {
    fc.assert(
      fc.property(stepsOf(fc.integer()), fc.integer({ min: 1, max: 4 }), (steps, window) => {
        const statistics = new EpisodeStatistics(3, window);
        const running: number[][] = [[], [], []];
        const finished: number[][] = [];
        for (const step of steps) {
          statistics.record(step);
          running.forEach((rewards, i) => {
            rewards.push(step.rewards[i]);
            if (step.terminated[i] === 0 && step.truncated[i] === 0) return;
            finished.push(rewards);
            running[i] = [];
          });
        }
        const last = finished.slice(-window);
        const returns = last.map((rewards) => rewards.reduce((sum, reward) => sum + reward, 0));
        expect(statistics.episodes).toBe(finished.length);
        expect(statistics.meanReturn).toBe(returns.reduce((a, b) => a + b, 0) / last.length);
        expect(statistics.meanLength).toBe(last.flat().length / last.length);
      }),
    );
  });

  it("goes on from its JSON to the same bits", () => {
    const anySteps = stepsOf(fc.double({ noNaN: true, min: -1e6, max: 1e6 }));
    fc.assert(
      fc.property(anySteps, anySteps, fc.integer({ min: 1, max: 4 }), (before, after, window) => {
        const whole = new EpisodeStatistics(3, window);
        for (const step of before) whole.record(step);
        const resumed = EpisodeStatistics.fromJSON(JSON.parse(JSON.stringify(whole)));
        for (const step of after) {
          whole.record(step);
          resumed.record(step);
        }
        expect(resumed.meanReturn).toBe(whole.meanReturn);
        expect(resumed.meanLength).toBe(whole.meanLength);
        expect(resumed.toJSON()).toEqual(whole.toJSON());
      }),
    );
  });

  it("refuses sizes and arrays that are none", () => {
    expect(() => new EpisodeStatistics(0)).toThrow(OptionError);
    expect(() => new EpisodeStatistics(1, 0.5)).toThrow("window: expected an integer in [1, 1000000], got 0.5");
    expect(() => new EpisodeStatistics(1).record(outcome([1, 2], [0, 0]))).toThrow(ShapeError);
    expect(() => new EpisodeStatistics(1).record({ ...outcome([1], [0]), rewards: 1 as unknown as number[] })).toThrow(
      OptionError,
    );
  });

  it.each<[string, object, string]>([
    ["no window", { window: undefined }, "episodes.window: expected an integer in [1, 1000000], got undefined"],
    ["a window beyond reason", { window: 1e15 }, "episodes.window: expected an integer in [1, 1000000]"],
    ["a negative count", { episodes: -1 }, "episodes.episodes: expected an integer ≥ 0, got -1"],
    ["no environments", { runningReturns: [] }, "episodes.runningReturns.length: expected an integer in [1, 1000000]"],
    ["too few lengths", { runningLengths: [1] }, "episodes.runningLengths: expected an array of 2 numbers, got [1]"],
    ["too many returns", { returns: [1, 2] }, "episodes.returns: expected an array of 1 numbers, got [1, 2]"],
    ["null for NaN", { lengths: [null] }, "episodes.lengths: expected an array of 1 numbers, got [null]"],
  ])("refuses JSON with %s", (_, changes, message) => {
    const statistics = new EpisodeStatistics(2);
    statistics.record(outcome([1, 1], [1, 0]));
    const json = { ...(statistics.toJSON() as object), ...changes };
    expect(() => EpisodeStatistics.fromJSON(json)).toThrow(FormatError);
    expect(() => EpisodeStatistics.fromJSON(json)).toThrow(message);
    expect(() => EpisodeStatistics.fromJSON(null)).toThrow(new FormatError("episodes: expected an object, got null"));
  });
});

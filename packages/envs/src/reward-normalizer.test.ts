import { NumericalError, OptionError, ShapeError, UphillError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { RewardNormalizer } from "./reward-normalizer.js";

const step = fc.record({
  reward: fc.double({ min: -100, max: 100, noNaN: true }),
  terminated: fc.nat(1),
  truncated: fc.nat(1),
});
const rollouts = fc.array(fc.tuple(step, step), { minLength: 1, maxLength: 20 }).map((steps) => ({
  rewards: Float64Array.from(steps.flat(), ({ reward }) => reward),
  terminated: Uint8Array.from(steps.flat(), (s) => s.terminated),
  truncated: Uint8Array.from(steps.flat(), (s) => s.truncated),
}));

test("returns 2 and 2 + 0.5 · 2 = 3 have deviation 0.5", () => {
  const normalizer = new RewardNormalizer({ count: 1, gamma: 0.5 });
  normalizer.update([2, 2], [0, 0], [0, 0]);
  expect(normalizer.standardDeviation()).toBeCloseTo(0.5, 7);
  expect(normalizer.normalize([2])[0]).toBeCloseTo(4, 6);
});

test("the return begins anew where an episode ends, one way or the other", () => {
  for (const [terminated, truncated] of [
    [1, 0],
    [0, 1],
  ]) {
    const normalizer = new RewardNormalizer({ count: 1, gamma: 0.5 });
    normalizer.update([2, 4], [terminated, 0], [truncated, 0]);
    expect(normalizer.standardDeviation()).toBeCloseTo(1, 7); // returns 2 and 4
  }
});

test("the return of an episode that is given up counts no further", () => {
  const normalizer = new RewardNormalizer({ count: 1, gamma: 0.5 });
  normalizer.update([2], [0], [0]);
  normalizer.abandonRunning();
  normalizer.update([4], [0], [0]);
  expect(normalizer.standardDeviation()).toBeCloseTo(1, 7); // returns 2 and 4
});

test("the deviation is that of all running returns, by their definition", () => {
  fc.assert(
    fc.property(rollouts, fc.double({ min: 0, max: 1, noNaN: true }), ({ rewards, terminated, truncated }, gamma) => {
      const normalizer = new RewardNormalizer({ count: 2, gamma, epsilon: 1e-8 });
      normalizer.update(rewards, terminated, truncated);
      const returns = [0, 1].flatMap((environment) => {
        let running = 0;
        return Array.from({ length: rewards.length / 2 }, (_, t) => {
          const at = 2 * t + environment;
          const value = gamma * running + rewards[at];
          running = terminated[at] || truncated[at] ? 0 : value;
          return value;
        });
      });
      const mean = returns.reduce((sum, x) => sum + x, 0) / returns.length;
      const variance = returns.reduce((sum, x) => sum + (x - mean) ** 2, 0) / returns.length;
      const expected = Math.sqrt(variance + 1e-8);
      expect(Math.abs(normalizer.standardDeviation() - expected) / expected).toBeLessThan(1e-6);
    }),
  );
});

test("a rollout at once or step by step gives the same bits; so does one that went through JSON", () => {
  fc.assert(
    fc.property(rollouts, ({ rewards, terminated, truncated }) => {
      const atOnce = new RewardNormalizer({ count: 2, gamma: 0.9 });
      atOnce.update(rewards, terminated, truncated);
      let stepwise = new RewardNormalizer({ count: 2, gamma: 0.9 });
      for (let t = 0; t < rewards.length; t += 2) {
        const part = (values: Float64Array | Uint8Array): ArrayLike<number> => values.subarray(t, t + 2);
        stepwise.update(part(rewards), part(terminated), part(truncated));
        stepwise = RewardNormalizer.fromJSON(JSON.parse(JSON.stringify(stepwise)));
      }
      expect(stepwise.toJSON()).toEqual(atOnce.toJSON());
    }),
  );
});

test("before the first update rewards are only clipped; frozen, it learns nothing", () => {
  const normalizer = new RewardNormalizer({ count: 1, gamma: 0.9 });
  normalizer.frozen = true;
  normalizer.update([5, 50], [0, 0], [0, 0]);
  expect(normalizer.standardDeviation()).toBe(1);
  expect([...normalizer.normalize([0.5, -30])]).toEqual([0.5, -10]);
});

test("what it cannot take", () => {
  const normalizer = new RewardNormalizer({ count: 2, gamma: 0.9 });
  const none = [0, 0];
  expect(() => {
    normalizer.update([1], [0], [0]);
  }).toThrow(new ShapeError("rewards: expected steps of 2 environments, got 1 in all"));
  expect(() => {
    normalizer.update([1, 1], [0], none);
  }).toThrow(ShapeError);
  expect(() => {
    normalizer.update([1, Number.NaN], none, none);
  }).toThrow(NumericalError);
  expect(normalizer.standardDeviation()).toBe(1);
  expect(() => normalizer.normalize([1], new Float64Array(2))).toThrow(ShapeError);
  expect(() => new RewardNormalizer({ count: 0, gamma: 0.9 })).toThrow(OptionError);
  expect(() => new RewardNormalizer({ count: 1, gamma: 1.5 })).toThrow(
    "gamma: expected a finite number in [0, 1], got 1.5",
  );
  const saved = normalizer.toJSON() as object;
  for (const damaged of [null, {}, { ...saved, returns: [0] }, { ...saved, gamma: null }, { ...saved, moments: 1 }]) {
    expect(() => RewardNormalizer.fromJSON(damaged)).toThrow(UphillError);
  }
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ends, expectClose, rollouts } from "../../test/rollouts.js";
import { discountedReturns } from "./discounted-returns.js";
import { discountPerStep, episodeReturnPerStep } from "./episodes.js";

const example = { rewards: [1, 2, 4, 8], terminated: [0, 1, 0, 0], truncated: [0, 0, 0, 1], gamma: 0.5 };

test("two episodes of two steps", () => {
  expect([...episodeReturnPerStep(example)]).toEqual([2, 2, 8, 8]);
  expect([...discountPerStep(example)]).toEqual([1, 0.5, 1, 0.5]);
  const out = new Float64Array(4);
  expect(episodeReturnPerStep({ ...example, out })).toBe(out);
  expect(discountPerStep({ ...example, out })).toBe(out);
});

describe("laws", () => {
  test("it is the reward-to-go of the episode's first step, and γᵗ of it is what is still to come", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const { environments, gamma, rewards } = rollout;
        const [whole, discounts, toGo] = [episodeReturnPerStep, discountPerStep, discountedReturns].map((f) => f(rollout));
        const past = rewards.map(() => 0);
        rewards.forEach((_, i) => {
          const before = i - environments;
          if (before < 0 || ends(rollout, before)) expect(discounts[i]).toBe(1);
          else {
            past[i] = past[before] + discounts[before] * rewards[before];
            expect(discounts[i]).toBe(gamma * discounts[before]);
          }
        });
        expectClose(whole, past.map((seen, i) => seen + discounts[i] * toGo[i]));
      }),
    );
  });
});

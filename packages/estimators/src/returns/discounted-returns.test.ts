import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alone, ends, expectClose, joined, referenceRollouts, rollouts } from "../../test/rollouts.js";
import { bootstrappedReturns, discountedReturns } from "./discounted-returns.js";

test("three steps, the last truncated", () => {
  const rollout = { rewards: [1, 1, 1], nextValues: [9, 9, 2], terminated: [0, 0, 0], truncated: [0, 0, 1], gamma: 0.5 };
  expect([...discountedReturns(rollout)]).toEqual([1.75, 1.5, 1]);
  expect([...bootstrappedReturns(rollout)]).toEqual([2, 2, 2]);
  const out = new Float64Array(3);
  expect(discountedReturns({ ...rollout, out })).toBe(out);
  expect(bootstrappedReturns({ ...rollout, out })).toBe(out);
});

describe("laws", () => {
  test("the discounted return is its defining sum: Σ γ^l r_{t+l} to the end of the episode", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const { rewards, environments, gamma } = rollout;
        const sums = rewards.map((_, start) => {
          let sum = 0;
          for (let i = start, weight = 1; i < rewards.length; i += environments, weight *= gamma) {
            sum += weight * rewards[i];
            if (ends(rollout, i)) break;
          }
          return sum;
        });
        expectClose(discountedReturns(rollout), sums);
      }),
    );
  });

  test("without a critic the bootstrapped return is the discounted one", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const blind = { ...rollout, nextValues: rollout.nextValues.map(() => 0) };
        expectClose(bootstrappedReturns(blind), discountedReturns(rollout));
      }),
    );
  });

  test("γ = 0 is the reward, γ = 1 on one endless episode the sum of the rewards to come", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        expectClose(discountedReturns({ ...rollout, gamma: 0 }), rollout.rewards);
        const one = alone(rollout, 0);
        const never = one.rewards.map(() => 0);
        const sums = one.rewards.map((_, t) => one.rewards.slice(t).reduce((sum, r) => sum + r, 0));
        expectClose(discountedReturns({ ...one, terminated: never, truncated: never, gamma: 1 }), sums);
      }),
    );
  });

  test("episodes joined or apart give the same", () => {
    fc.assert(
      fc.property(rollouts, rollouts, (left, right) => {
        const [first, second] = [alone(left, 0), { ...alone(right, 0), gamma: left.gamma }];
        for (const estimate of [discountedReturns, bootstrappedReturns]) {
          expectClose(estimate(joined(first, second)), [...estimate(first), ...estimate(second)]);
        }
      }),
    );
  });

  test("environments do not touch each other", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        for (const estimate of [discountedReturns, bootstrappedReturns]) {
          const together = estimate(rollout);
          for (let n = 0; n < rollout.environments; n++) {
            const own = [...together].filter((_, i) => i % rollout.environments === n);
            expectClose(own, estimate(alone(rollout, n)));
          }
        }
      }),
    );
  });

  test("only values behind a cut are read", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const { rewards, environments, terminated, truncated } = rollout;
        const nextValues = rollout.nextValues.map((v, i) => {
          const read = terminated[i] === 0 && (truncated[i] === 1 || i + environments >= rewards.length);
          return read ? v : Number.NaN;
        });
        expectClose(bootstrappedReturns({ ...rollout, nextValues }), bootstrappedReturns(rollout));
      }),
    );
  });
});

test.each(referenceRollouts())("reference rollout %#", ({ rollout, expected }) => {
  expectClose(bootstrappedReturns(rollout), expected.bootstrapped_return);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alone, ends, expectClose, joined, referenceRollouts, rollouts } from "../../test/rollouts.js";
import { gaeAdvantagesByDefinition } from "./gae-advantages-by-definition.js";
import { gaeAdvantages } from "./gae-advantages.js";
import { bootstrappedReturns, discountedReturns } from "./discounted-returns.js";
import { tdErrorsPerStep } from "./td-errors-per-step.js";

const example = {
  rewards: [1, 1, 1],
  values: [0.5, 0.5, 0.5],
  nextValues: [0.5, 0.5, 2],
  terminated: [0, 0, 0],
  truncated: [0, 0, 1],
  gamma: 0.5,
};

test("three steps, the last truncated", () => {
  expect([...gaeAdvantages({ ...example, lambda: 0.5 })]).toEqual([1.03125, 1.125, 1.5]);
});

test("the result goes into the array that is given, be it an input", () => {
  const out = new Float64Array(3);
  expect(gaeAdvantages({ ...example, lambda: 0.5, out })).toBe(out);
  expect([...out]).toEqual([1.03125, 1.125, 1.5]);
  const values = Float64Array.from(example.values);
  expect([...gaeAdvantages({ ...example, values, lambda: 0.5, out: values })]).toEqual([1.03125, 1.125, 1.5]);
});

test("no steps give no advantages", () => {
  const none = { rewards: [], values: [], nextValues: [], terminated: [], truncated: [], gamma: 1, lambda: 1 };
  expect(gaeAdvantages(none).length).toBe(0);
});

describe("laws", () => {
  test("it is its defining sum: Σ (γλ)^l δ_{t+l} to the end of the episode", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const { environments, gamma, lambda } = rollout;
        const errors = tdErrorsPerStep(rollout);
        const sums = errors.map((_, start) => {
          let sum = 0;
          for (let i = start, weight = 1; i < errors.length; i += environments, weight *= gamma * lambda) {
            sum += weight * errors[i];
            if (ends(rollout, i)) break;
          }
          return sum;
        });
        expectClose(gaeAdvantages(rollout), sums);
      }),
    );
  });

  test("it is the mean of the n-step advantages with weights (1−λ)λ^{n−1}", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        expectClose(gaeAdvantages(rollout), gaeAdvantagesByDefinition(rollout));
      }),
    );
  });

  test("by definition, λ = 1 is the limit", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const [limit, near] = [1, 1 - 1e-12].map((lambda) => gaeAdvantagesByDefinition({ ...rollout, lambda }));
        expectClose(limit, near);
      }),
    );
  });

  test("λ = 0 is the TD error", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        expectClose(gaeAdvantages({ ...rollout, lambda: 0 }), tdErrorsPerStep(rollout));
      }),
    );
  });

  test("λ = 1 is the bootstrapped return minus the value", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const difference = bootstrappedReturns(rollout).map((g, i) => g - rollout.values[i]);
        expectClose(gaeAdvantages({ ...rollout, lambda: 1 }), difference);
      }),
    );
  });

  test("λ = 1 where all ends terminate is Monte Carlo minus the value", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const last = rollout.rewards.length - rollout.environments;
        const terminated = rollout.terminated.map((flag, i) => (i >= last ? 1 : flag));
        const nextValues = rollout.values.map((_, i) => rollout.values[i + rollout.environments] ?? 0);
        const ended = { ...rollout, nextValues, terminated, truncated: rollout.truncated.map(() => 0), lambda: 1 };
        const difference = discountedReturns(ended).map((g, i) => g - rollout.values[i]);
        expectClose(gaeAdvantages(ended), difference);
      }),
    );
  });

  test("episodes joined or apart give the same", () => {
    fc.assert(
      fc.property(rollouts, rollouts, (left, right) => {
        const [first, second] = [alone(left, 0), { ...alone(right, 0), gamma: left.gamma, lambda: left.lambda }];
        const apart = [...gaeAdvantages(first), ...gaeAdvantages(second)];
        expectClose(gaeAdvantages(joined(first, second)), apart);
      }),
    );
  });

  test("environments do not touch each other", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const together = gaeAdvantages(rollout);
        for (let n = 0; n < rollout.environments; n++) {
          const own = [...together].filter((_, i) => i % rollout.environments === n);
          expectClose(own, gaeAdvantages(alone(rollout, n)));
        }
      }),
    );
  });

  test("what follows a termination is never read", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const nextValues = rollout.nextValues.map((v, i) => (rollout.terminated[i] === 1 ? Number.NaN : v));
        expectClose(gaeAdvantages({ ...rollout, nextValues }), gaeAdvantages(rollout));
      }),
    );
  });

  test("a truncation keeps the value that follows, and drops the rewards that follow", () => {
    fc.assert(
      fc.property(rollouts, fc.nat(), (rollout, place) => {
        const { environments, rewards } = rollout;
        const at = place % rewards.length;
        const terminated = rollout.terminated.map((flag, i) => (i === at ? 0 : flag));
        const truncated = rollout.truncated.map((flag, i) => (i === at ? 1 : flag));
        const cut = { ...rollout, terminated, truncated };
        const advantage = gaeAdvantages(cut)[at];
        const later = rewards.map((r, i) => (i > at && (i - at) % environments === 0 ? r + 100 : r));
        expect(gaeAdvantages({ ...cut, rewards: later })[at]).toBe(advantage);
        const nextValues = rollout.nextValues.map((v, i) => (i === at ? v + 1 : v));
        expect(gaeAdvantages({ ...cut, nextValues })[at]).toBeCloseTo(advantage + rollout.gamma, 10);
      }),
    );
  });
});

test.each(referenceRollouts())("reference rollout %#", ({ rollout, expected }) => {
  expectClose(gaeAdvantages(rollout), expected.gae);
  expectClose(gaeAdvantagesByDefinition(rollout), expected.gae);
});

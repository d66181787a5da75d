import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alone, expectClose, referenceRollouts, rollouts } from "../../test/rollouts.js";
import { bootstrappedReturns } from "./discounted-returns.js";
import { nStepReturns } from "./n-step-returns.js";
import { tdErrorsPerStep } from "./td-errors-per-step.js";

const counts = fc.integer({ min: 1, max: 14 });

test("two steps: two rewards, and the value of what follows", () => {
  const rollout = {
    rewards: [1, 1, 1, 1],
    nextValues: [8, 8, 8, 8],
    terminated: [0, 0, 0, 1],
    truncated: [0, 0, 0, 0],
    gamma: 0.5,
  };
  const out = new Float64Array(4);
  expect(nStepReturns({ ...rollout, steps: 2, out })).toBe(out);
  expect([...out]).toEqual([3.5, 3.5, 1.5, 1]);
});

describe("laws", () => {
  test("one step is the TD error plus the value", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const targets = tdErrorsPerStep(rollout).map((error, i) => error + rollout.values[i]);
        expectClose(nStepReturns({ ...rollout, steps: 1 }), targets);
      }),
    );
  });

  test("n ≥ T is Monte Carlo, with the critic's value after a cut", () => {
    fc.assert(
      fc.property(rollouts, fc.nat(5), (rollout, more) => {
        expectClose(nStepReturns({ ...rollout, steps: rollout.steps + more }), bootstrappedReturns(rollout));
      }),
    );
  });

  test("n + 1 steps are a reward and n steps of the next row, within an episode", () => {
    fc.assert(
      fc.property(rollouts, counts, (rollout, steps) => {
        const { rewards, nextValues, terminated, truncated, environments, gamma } = rollout;
        const fewer = nStepReturns({ ...rollout, steps });
        const expected = rewards.map((reward, i) => {
          if (terminated[i] === 1) return reward;
          const cut = truncated[i] === 1 || i + environments >= rewards.length;
          return reward + gamma * (cut ? nextValues[i] : fewer[i + environments]);
        });
        expectClose(nStepReturns({ ...rollout, steps: steps + 1 }), expected);
      }),
    );
  });

  test("a value that is wrong by e changes the return by γⁿ e where n steps follow", () => {
    fc.assert(
      fc.property(rollouts, counts, (rollout, steps) => {
        const endless = { ...alone(rollout, 0), steps };
        const never = endless.rewards.map(() => 0);
        const right = { ...endless, terminated: never, truncated: never };
        const wrong = { ...right, nextValues: right.nextValues.map((value, i) => value + (i % 3) - 1) };
        const bias = right.rewards.map((_, i) => {
          const last = Math.min(i + steps, right.rewards.length) - 1;
          return right.gamma ** (last - i + 1) * ((last % 3) - 1);
        });
        const [a, b] = [nStepReturns(wrong), nStepReturns(right)];
        expectClose(a.map((value, i) => value - b[i]), bias);
      }),
    );
  });

  test("the result may go into an input", () => {
    fc.assert(
      fc.property(rollouts, counts, (rollout, steps) => {
        const expected = nStepReturns({ ...rollout, steps });
        for (const name of ["rewards", "nextValues", "terminated", "truncated"] as const) {
          const out = Float64Array.from(rollout[name]);
          expect(nStepReturns({ ...rollout, [name]: out, steps, out })).toEqual(expected);
        }
      }),
    );
  });
});

test.each(referenceRollouts())("reference rollout %#", ({ rollout, expected }) => {
  for (const [steps, returns] of Object.entries(expected.n_step_q)) {
    expectClose(nStepReturns({ ...rollout, steps: Number(steps) }), returns);
  }
});

test("refuses a number of steps that is none", () => {
  const rollout = { rewards: [1], nextValues: [1], terminated: [0], truncated: [0], gamma: 1 };
  expect(() => nStepReturns({ ...rollout, steps: 0 })).toThrow("steps: expected an integer ≥ 1, got 0");
});

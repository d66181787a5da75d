import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose, referenceRollouts, rollouts } from "../../test/rollouts.js";
import { bootstrappedReturns } from "./discounted-returns.js";
import { gaeAdvantages } from "./gae-advantages.js";
import { lambdaReturns } from "./lambda-returns.js";
import { nStepReturns } from "./n-step-returns.js";

test("halfway between one step and all", () => {
  const rollout = { rewards: [1, 1], nextValues: [2, 4], terminated: [0, 0], truncated: [0, 1], gamma: 0.5, lambda: 0.5 };
  const out = new Float64Array(2);
  expect(lambdaReturns({ ...rollout, out })).toBe(out);
  expect([...out]).toEqual([2.25, 3]);
});

describe("laws", () => {
  test("it is the generalised advantage plus the value", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const expected = gaeAdvantages(rollout).map((advantage, i) => advantage + rollout.values[i]);
        expectClose(lambdaReturns(rollout), expected);
      }),
    );
  });

  test("λ = 0 looks one step ahead, λ = 1 to the end", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        expectClose(lambdaReturns({ ...rollout, lambda: 0 }), nStepReturns({ ...rollout, steps: 1 }));
        expectClose(lambdaReturns({ ...rollout, lambda: 1 }), bootstrappedReturns(rollout));
      }),
    );
  });

  test("the map from values to returns contracts by γ", () => {
    fc.assert(
      fc.property(rollouts, fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 36, maxLength: 36 }), (rollout, shifts) => {
        const other = rollout.nextValues.map((value, i) => value + shifts[i]);
        const [a, b] = [lambdaReturns(rollout), lambdaReturns({ ...rollout, nextValues: other })];
        const most = Math.max(...rollout.nextValues.map((_, i) => Math.abs(shifts[i])));
        a.forEach((value, i) => expect(Math.abs(value - b[i])).toBeLessThanOrEqual(rollout.gamma * most + 1e-12));
      }),
    );
  });
});

test.each(referenceRollouts())("reference rollout %#", ({ rollout, expected }) => {
  expectClose(lambdaReturns(rollout), expected.gae.map((advantage, i) => advantage + rollout.values[i]));
});

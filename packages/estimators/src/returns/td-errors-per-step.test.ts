import fc from "fast-check";
import { expect, test } from "vitest";
import { expectClose, referenceRollouts, rollouts } from "../../test/rollouts.js";
import { tdErrorsPerStep } from "./td-errors-per-step.js";

test("three steps: one goes on, one is truncated, one terminates", () => {
  const errors = tdErrorsPerStep({
    rewards: [1, 1, 1],
    values: [0.5, 0.5, 0.5],
    nextValues: [0.5, 2, 2],
    terminated: [0, 0, 1],
    truncated: [0, 1, 0],
    gamma: 0.5,
  });
  expect([...errors]).toEqual([0.75, 1.5, 0.5]);
});

test("is the definition, element by element, whatever the shape", () => {
  fc.assert(
    fc.property(rollouts, (rollout) => {
      const { rewards, values, nextValues, terminated, gamma } = rollout;
      const definition = rewards.map((r, i) => r + gamma * (1 - terminated[i]) * nextValues[i] - values[i]);
      expectClose(tdErrorsPerStep(rollout), definition);
    }),
  );
});

test("true values of a chain of constant reward have no error", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 99 }), (steps, percent) => {
      const gamma = percent / 100;
      const value = (t: number): number => (1 - gamma ** (steps - t)) / (1 - gamma);
      const times = Array.from({ length: steps }, (_, t) => t);
      const errors = tdErrorsPerStep({
        rewards: times.map(() => 1),
        values: times.map(value),
        nextValues: times.map((t) => value(t + 1)),
        terminated: times.map((t) => (t === steps - 1 ? 1 : 0)),
        truncated: times.map(() => 0),
        gamma,
      });
      expectClose(errors, times.map(() => 0));
    }),
  );
});

test.each(referenceRollouts())("reference rollout %#", ({ rollout, expected }) => {
  expectClose(tdErrorsPerStep(rollout), expected.td_error);
});

import { log, OptionError, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/rollouts.js";
import { scoreGradient } from "../gradients/score-gradient.js";
import { demonstratedPolicy } from "./demonstrated-policy.js";

const sizes = { stateCount: 3, actionCount: 2 };

test("three demonstrations in one state, one in another, none in the third", () => {
  const policy = demonstratedPolicy({ states: [0, 0, 0, 2], actions: [1, 1, 0, 0], ...sizes });
  expectClose(policy, [1 / 3, 2 / 3, 0.5, 0.5, 1, 0]);
  expectClose(demonstratedPolicy({ states: [0], actions: [1], ...sizes, smoothing: 1 }), [1 / 3, 2 / 3, 0.5, 0.5, 0.5, 0.5]);
});

describe("laws", () => {
  const demonstrations = fc
    .array(fc.tuple(fc.nat(2), fc.nat(1)), { minLength: 1, maxLength: 20 })
    .map((pairs) => ({ states: pairs.map(([s]) => s), actions: pairs.map(([, a]) => a), ...sizes }));

  test("no other policy makes the actions more likely", () => {
    fc.assert(
      fc.property(demonstrations, fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 3, maxLength: 3 }), (given, percents) => {
        const likelihood = (policy: ArrayLike<number>): number =>
          given.states.reduce((sum, s, k) => sum + log(policy[2 * s + given.actions[k]]), 0);
        const other = percents.flatMap((percent) => [percent / 100, 1 - percent / 100]);
        expect(likelihood(demonstratedPolicy(given))).toBeGreaterThanOrEqual(likelihood(other) - 1e-12);
      }),
    );
  });

  test("the score gradient that weights every action alike vanishes there; with other weights it does not", () => {
    fc.assert(
      fc.property(demonstrations, (given) => {
        const policy = demonstratedPolicy(given);
        const scores = given.states.flatMap((s, k) =>
          Array.from(policy, (probability, j) => (Math.floor(j / 2) === s ? (j === 2 * s + given.actions[k] ? 1 : 0) - probability : 0)),
        );
        const alike = scoreGradient({ scores, weights: given.states.map(() => 1) });
        alike.forEach((component) => expect(Math.abs(component)).toBeLessThan(1e-12));
      }),
    );
    const scores = [0.5, -0.5, -0.5, 0.5]; // both actions once in one state, under the policy that is fitted to them
    expectClose(scoreGradient({ scores, weights: [2, 1] }), [0.5, -0.5]);
  });
});

test.each<[string, object, new (message: string) => Error, string]>([
  ["a state that is none", { states: [3] }, OptionError, "states at [0]: expected an integer in [0, 3), got 3"],
  ["an action between two", { actions: [0.5] }, OptionError, "actions at [0]: expected an integer in [0, 2), got 0.5"],
  ["other lengths", { actions: [1, 1] }, ShapeError, "actions: expected length 1, got [1, 1]"],
  ["no actions", { actionCount: 0 }, OptionError, "actionCount: expected an integer ≥ 1, got 0"],
  ["a negative smoothing", { smoothing: -1 }, OptionError, "smoothing: expected a finite number ≥ 0, got -1"],
])("refuses %s", (_, change, ErrorClass, message) => {
  const call = (): unknown => demonstratedPolicy({ states: [0], actions: [1], ...sizes, ...change });
  expect(call).toThrow(ErrorClass);
  expect(call).toThrow(message);
});

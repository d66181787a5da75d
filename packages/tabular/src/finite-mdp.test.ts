import { NumericalError, OptionError, ShapeError } from "@uphill/core-math";
import { expect, test } from "vitest";
import { actionValues, finiteMdp, policyValue } from "./index.js";
import type { FiniteMdpArrays } from "./index.js";

const arrays: FiniteMdpArrays = {
  states: 2,
  actions: 1,
  transition: [0.5, 0.5, 0, 1],
  reward: [1, 0],
  initial: [1, 0],
  gamma: 0.5,
};

test("arrays are copied", () => {
  const reward = [1, 0];
  const mdp = finiteMdp({ ...arrays, reward });
  reward[0] = 7;
  expect(mdp.reward).toEqual(Float64Array.of(1, 0));
  expect(mdp.transition).toEqual(Float64Array.of(0.5, 0.5, 0, 1));
  expect(mdp).toMatchObject({ states: 2, actions: 1, gamma: 0.5 });
});

test.each<[string, Partial<Record<keyof FiniteMdpArrays, unknown>>, new (message: string) => Error, string]>([
  ["no states", { states: 0 }, OptionError, "states: expected an integer ≥ 1, got 0"],
  ["half an action", { actions: 0.5 }, OptionError, "actions: expected an integer ≥ 1, got 0.5"],
  ["γ = 1", { gamma: 1 }, OptionError, "gamma: expected a finite number in [0, 1), got 1"],
  ["γ of NaN", { gamma: Number.NaN }, OptionError, "gamma: expected a finite number in [0, 1), got NaN"],
  ["a row below 1", { transition: [0.5, 0.5, 0, 0.5] }, OptionError, "transition at [1, 0]: expected probabilities that sum to 1, got a sum of 0.5"],
  ["a negative probability", { transition: [1.5, -0.5, 0, 1] }, OptionError, "transition at [0, 0, 1]: expected a probability, got -0.5"],
  ["a short transition", { transition: [1, 0] }, ShapeError, "transition: expected length 4, got [1, 0]"],
  ["a text for rewards", { reward: "12" }, OptionError, 'reward: expected an array or typed array of numbers, got "12"'],
  ["a NaN reward", { reward: [0, Number.NaN] }, NumericalError, "reward at [1, 0]: expected a finite number, got NaN"],
  ["a start that is none", { initial: [0, 0] }, OptionError, "initial: expected probabilities that sum to 1, got a sum of 0"],
  ["huge sizes", { states: 1e9 }, ShapeError, "transition: expected length 1000000000000000000, got [0.5, 0.5, 0, 1]"],
])("refuses %s", (_, change, ErrorClass, message) => {
  const call = (): unknown => finiteMdp({ ...arrays, ...change } as FiniteMdpArrays);
  expect(call).toThrow(ErrorClass);
  expect(call).toThrow(message);
});

test("what finiteMdp did not make is no process, and errors name policy and value", () => {
  expect(() => finiteMdp(undefined as never)).toThrow("arrays: expected an object, got undefined");
  expect(() => actionValues(arrays as never, [0, 0])).toThrow("mdp: expected what finiteMdp returns, got an object");
  const mdp = finiteMdp(arrays);
  expect(() => actionValues(mdp, [0])).toThrow("value: expected length 2, got [0]");
  expect(() => actionValues(mdp, [0, Infinity])).toThrow("value at [1]: expected a finite number, got Infinity");
  expect(() => policyValue(mdp, [1, 0.5])).toThrow("policy at [1]: expected probabilities that sum to 1, got a sum of 0.5");
  expect(() => policyValue(mdp, [1])).toThrow(ShapeError);
});

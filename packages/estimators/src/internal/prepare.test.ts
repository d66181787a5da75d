import { NumericalError, OptionError, ShapeError } from "@uphill/core-math";
import { describe, expect, test } from "vitest";
import {
  bootstrappedReturns,
  discountedReturns,
  episodeReturnPerStep,
  gaeAdvantages,
  gaeAdvantagesByDefinition,
  lambdaReturns,
  nStepReturns,
  tdErrorsPerStep,
  vTraceAdvantages,
  vTraceTargets,
} from "../index.js";
import type { GaeRollout, NStepRollout, VTraceAdvantageRollout } from "../index.js";

const rollout: GaeRollout & NStepRollout & VTraceAdvantageRollout = {
  rewards: [1, 2, 3, 4],
  values: [0, 0, 0, 0],
  nextValues: [0, 0, 0, 0],
  terminated: [0, 0, 0, 0],
  truncated: [0, 0, 0, 0],
  environments: 2,
  gamma: 0.9,
  lambda: 0.5,
  steps: 2,
  logRatios: [0, 0, 0, 0],
  targets: [0, 0, 0, 0],
};

const valued = { tdErrorsPerStep, gaeAdvantages, gaeAdvantagesByDefinition, vTraceTargets, vTraceAdvantages };
const bootstrapped = { ...valued, bootstrappedReturns, nStepReturns, lambdaReturns };
const estimators = { ...bootstrapped, discountedReturns, episodeReturnPerStep };

describe.each(Object.entries(estimators))("%s refuses", (_name, estimate) => {
  test.each<[string, Partial<GaeRollout>, new (message: string) => Error, string]>([
    ["γ above 1", { gamma: 1.5 }, OptionError, "gamma: expected a finite number in [0, 1], got 1.5"],
    ["γ of NaN", { gamma: Number.NaN }, OptionError, "gamma: expected a finite number in [0, 1], got NaN"],
    ["no environments", { environments: 0 }, OptionError, "environments: expected an integer ≥ 1, got 0"],
    ["part of a step", { environments: 3 }, ShapeError, "rewards: expected steps of 3 environments, got 4 in all"],
    ["no rewards", { rewards: 7 as never }, OptionError, "rewards: expected an array or typed array of numbers, got 7"],
    ["too few flags", { terminated: [0] }, ShapeError, "terminated: expected length 4, got [0]"],
    ["flags of another length", { truncated: [0, 0] }, ShapeError, "truncated: expected length 4, got [0, 0]"],
    ["a short result", { out: new Float64Array(3) }, ShapeError, "out: expected length 4, got a Float64Array of length 3"],
    ["a list for the result", { out: [0, 0, 0, 0] as never }, OptionError, "out: expected a Float64Array, got [0, 0, 0, 0]"],
    [
      "a NaN reward",
      { rewards: [1, 2, 3, Number.NaN] },
      NumericalError,
      "rewards at [1, 1]: expected a finite number, got NaN",
    ],
    [
      "an infinite reward among its likes",
      { rewards: [1, Infinity, -Infinity, 1] },
      NumericalError,
      "rewards at [0, 1]: expected a finite number, got Infinity",
    ],
  ])("%s", (_, change, ErrorClass, message) => {
    const call = (): unknown => estimate({ ...rollout, ...change });
    expect(call).toThrow(ErrorClass);
    expect(call).toThrow(message);
  });
});

test.each(Object.values(bootstrapped))("$name refuses a NaN that follows", (estimate) => {
  const call = (): unknown => estimate({ ...rollout, nextValues: [0, 0, 0, Number.NaN] });
  expect(call).toThrow(NumericalError);
  expect(call).toThrow("nextValues at [1, 1]: expected a finite number, got NaN");
  expect(() => estimate({ ...rollout, nextValues: [0] })).toThrow("nextValues: expected length 4, got [0]");
});

test.each(Object.values(valued))("$name refuses an infinite value", (estimate) => {
  const call = (): unknown => estimate({ ...rollout, values: [0, 0, Infinity, 0] });
  expect(call).toThrow(NumericalError);
  expect(call).toThrow("values at [1, 0]: expected a finite number, got Infinity");
  expect(() => estimate({ ...rollout, values: [0] })).toThrow("values: expected length 4, got [0]");
});

test("a value that is not read is not blamed", () => {
  const nextValues = [Number.NaN, 0, 0, 0];
  expect(() => bootstrappedReturns({ ...rollout, nextValues, rewards: [1, 2, 3, Number.NaN] })).toThrow("rewards at [1, 1]");
  const ended = { ...rollout, nextValues, terminated: [1, 0, 0, 0], values: [0, 0, 0, Number.NaN] };
  expect(() => gaeAdvantages(ended)).toThrow("values at [1, 1]");
});

test.each([gaeAdvantages, gaeAdvantagesByDefinition, lambdaReturns, vTraceTargets])("$name refuses λ outside [0, 1]", (estimate) => {
  expect(() => estimate({ ...rollout, lambda: -0.1 })).toThrow(OptionError);
  expect(() => estimate({ ...rollout, lambda: -0.1 })).toThrow("lambda: expected a finite number in [0, 1], got -0.1");
});

test("an overflow is no NaN of the caller's, and large finite numbers are no overflow", () => {
  const large = { ...rollout, rewards: [1e308, 0, 1.7e308, 0], gamma: 1 };
  expect(() => discountedReturns(large)).toThrow("rewards: expected numbers whose sums are finite, got an overflow");
  expect([...discountedReturns({ ...large, gamma: 0 })]).toEqual([1e308, 0, 1.7e308, 0]);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { NumericalError, OptionError, ShapeError } from "./errors.js";
import { requireFinite, requireProbabilities } from "./require-elements.js";

test("what is right comes back as it is", () => {
  const values = Float32Array.of(0.25, 0.75, 1, 0);
  expect(requireProbabilities("policy", values, [2, 2])).toBe(values);
  expect(requireFinite("reward", values, [4])).toBe(values);
  expect(requireFinite("reward", [], [0, 3])).toEqual([]);
});

test("positive weights are a distribution once they are divided by their sum", () => {
  const weights = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(weights, (list) => {
      const total = list.reduce((sum, weight) => sum + weight, 1);
      const probabilities = [...list, 1].map((weight) => weight / total);
      expect(requireProbabilities("p", probabilities, [probabilities.length])).toBe(probabilities);
      const doubled = probabilities.map((p) => 2 * p);
      expect(() => requireProbabilities("p", doubled, [doubled.length])).toThrow("p: expected probabilities that sum to 1");
    }),
  );
});

test("errors name the element by its place", () => {
  expect(() => requireFinite("reward", [0, 1, 2, Number.NaN], [2, 2])).toThrow(NumericalError);
  expect(() => requireFinite("reward", [0, 1, 2, Number.NaN], [2, 2])).toThrow(
    "reward at [1, 1]: expected a finite number, got NaN",
  );
  expect(() => requireFinite("reward", [0, 1], [2, 2])).toThrow(ShapeError);
  expect(() => requireFinite("reward", "ab" as never, [2])).toThrow(OptionError);
});

test.each<[readonly number[], readonly number[], string]>([
  [[0.5, 0.5, 1.5, -0.5], [2, 2], "p at [1, 1]: expected a probability, got -0.5"],
  [[0.5, Number.NaN], [2], "p at [1]: expected a probability, got NaN"],
  [[Infinity, 0], [2], "p at [0]: expected a probability, got Infinity"],
  [[0.5, 0.5, 0.5, 0.25], [1, 2, 2], "p at [0, 1]: expected probabilities that sum to 1, got a sum of 0.75"],
  [[0.5, 0.25], [2], "p: expected probabilities that sum to 1, got a sum of 0.75"],
])("no probabilities: %j of shape %j", (values, shape, message) => {
  expect(() => requireProbabilities("p", values, shape)).toThrow(OptionError);
  expect(() => requireProbabilities("p", values, shape)).toThrow(message);
});

test("no outcomes have no distribution", () => {
  expect(() => requireProbabilities("p", [], [0])).toThrow(OptionError);
  expect(() => requireProbabilities("p", [], [3, 0])).toThrow("p: expected at least one probability, got none");
});

test("more states than the array has rows are a length that is wrong", () => {
  expect(() => requireProbabilities("p", [1], [2, 1])).toThrow("p: expected length 2, got [1]");
});

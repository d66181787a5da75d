import fc from "fast-check";
import { expect, test } from "vitest";
import { NumericalError, ShapeError } from "./errors.js";
import { explainedVariance } from "./explained-variance.js";
import { RunningMoments } from "./running-moments.js";

test("a perfect prediction, the mean, and one that is worse", () => {
  expect(explainedVariance([1, 2, 3], [1, 2, 3])).toBe(1);
  expect(explainedVariance([2, 2, 2], [1, 2, 3])).toBe(0);
  expect(explainedVariance([3, 2, 1], [1, 2, 3])).toBe(-3);
  expect(explainedVariance([1, 2], [5, 5])).toBeNaN();
  expect(explainedVariance([], [])).toBeNaN();
});

const integer = fc.integer({ min: -99, max: 99 });
const pairs = fc.array(fc.tuple(integer, integer), { minLength: 2 });

test("is 1 less the ratio of variances", () => {
  fc.assert(
    fc.property(pairs, (list) => {
      const error = new RunningMoments(1);
      const target = new RunningMoments(1);
      for (const [p, t] of list) {
        error.push([t - p]);
        target.push([t]);
      }
      const share = explainedVariance(list.map(([p]) => p), list.map(([, t]) => t));
      const ratio = error.variance()[0] / target.variance()[0];
      if (target.variance()[0] === 0) expect(share).toBeNaN();
      else expect(share).toBeCloseTo(1 - ratio, 10);
    }),
  );
});

test("does not change when the prediction is shifted, and is at most 1", () => {
  fc.assert(
    fc.property(pairs, integer, (list, shift) => {
      const prediction = list.map(([p]) => p);
      const target = list.map(([, t]) => t);
      fc.pre(new Set(target).size > 1);
      const share = explainedVariance(prediction, target);
      expect(share).toBeLessThanOrEqual(1);
      const shifted = explainedVariance(prediction.map((p) => p + shift), target);
      expect(Math.abs(shifted - share)).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(share)));
    }),
  );
});

test("errors name the argument and the element", () => {
  expect(() => explainedVariance([1], [1, 2])).toThrow(ShapeError);
  expect(() => explainedVariance([1], [1, 2])).toThrow("prediction: expected length 2, got [1]");
  const refused: [number[], number[], string][] = [
    [[Number.NaN, 1], [1, 2], "prediction[0]: expected a finite number, got NaN"],
    [[1, 1], [1, Infinity], "target[1]: expected a finite number, got Infinity"],
    [[-1e308], [1e308], "target[0] - prediction[0]: expected a finite number, got an overflow"],
  ];
  for (const [prediction, target, message] of refused) {
    expect(() => explainedVariance(prediction, target)).toThrow(NumericalError);
    expect(() => explainedVariance(prediction, target)).toThrow(message);
  }
});

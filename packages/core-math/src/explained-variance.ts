import { NumericalError } from "./errors.js";
import { expectation, requireArray } from "./require.js";
import { RunningMoments } from "./running-moments.js";

/**
 * How much of a target's variance a prediction explains: 1 − Var[target − prediction] / Var[target].
 *
 * 1 is perfect up to a constant, 0 no better than the target's mean, negative worse.
 *
 * @param prediction - Finite numbers.
 * @param target - Finite numbers, as many.
 * @returns The share, in (−∞, 1]; NaN where the target does not vary.
 * @throws ShapeError where the lengths differ; NumericalError where a number is not finite.
 */
export function explainedVariance(prediction: ArrayLike<number>, target: ArrayLike<number>): number {
  const { length } = requireArray("target", target);
  requireArray("prediction", prediction, length);
  const [residual, total] = [new RunningMoments(1), new RunningMoments(1)];
  const [error, value] = [[0], [0]];
  for (let i = 0; i < length; i++) {
    if (!Number.isFinite(prediction[i])) {
      throw new NumericalError(expectation(`prediction[${i}]`, "a finite number", prediction[i]));
    }
    if (!Number.isFinite(target[i])) throw new NumericalError(expectation(`target[${i}]`, "a finite number", target[i]));
    error[0] = target[i] - prediction[i];
    value[0] = target[i];
    residual.push(error);
    total.push(value);
  }
  const variance = total.variance()[0];
  return variance === 0 ? NaN : 1 - residual.variance()[0] / variance;
}

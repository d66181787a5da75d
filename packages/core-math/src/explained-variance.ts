import { NumericalError } from "./errors.js";
import { expectation, requireArray } from "./require.js";

/**
 * How much of a target's variance a prediction explains: 1 − Var[target − prediction] / Var[target].
 *
 * 1 is perfect up to a constant, 0 no better than the target's mean, negative worse. One pass, by Welford's update.
 *
 * @param prediction - Finite numbers.
 * @param target - Finite numbers, as many.
 * @returns The share, in (−∞, 1]; NaN where the target does not vary.
 * @throws ShapeError where the lengths differ; NumericalError where a number is not finite.
 */
export function explainedVariance(prediction: ArrayLike<number>, target: ArrayLike<number>): number {
  const { length } = requireArray("target", target);
  requireArray("prediction", prediction, length);
  let errorMean = 0;
  let errorSquares = 0;
  let targetMean = 0;
  let targetSquares = 0;
  for (let i = 0; i < length; i++) {
    const value = target[i];
    const error = value - prediction[i];
    if (!Number.isFinite(error)) throw notFinite(prediction, target, i);
    const errorDelta = error - errorMean;
    errorMean += errorDelta / (i + 1);
    errorSquares += errorDelta * (error - errorMean);
    const targetDelta = value - targetMean;
    targetMean += targetDelta / (i + 1);
    targetSquares += targetDelta * (value - targetMean);
  }
  return targetSquares === 0 ? Number.NaN : 1 - errorSquares / targetSquares;
}

function notFinite(prediction: ArrayLike<number>, target: ArrayLike<number>, i: number): NumericalError {
  if (!Number.isFinite(prediction[i])) {
    return new NumericalError(expectation(`prediction[${i}]`, "a finite number", prediction[i]));
  }
  if (!Number.isFinite(target[i])) return new NumericalError(expectation(`target[${i}]`, "a finite number", target[i]));
  return new NumericalError(`target[${i}] - prediction[${i}]: expected a finite number, got an overflow`);
}

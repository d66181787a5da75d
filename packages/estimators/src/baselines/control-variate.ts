import { requireFinite, requireNumber } from "@uphill/core-math";
import { requireSamples } from "../internal/samples.js";

/** What {@link controlVariate} takes. */
export interface ControlVariateOptions {
  /** f of each sample, finite, [K]. */
  readonly values: ArrayLike<number>;
  /** g of the same samples, finite, [K]. */
  readonly controls: ArrayLike<number>;
  /** E[g], known. */
  readonly controlMean: number;
}

/** An estimate of E[f] with the help of g. */
export interface ControlledEstimate {
  /** c* = Cov(f, g) / Var(g); 0 where g does not vary. */
  readonly coefficient: number;
  /** The mean of f − c*(g − E[g]). */
  readonly mean: number;
  /** Var(f − c* g) of one sample. */
  readonly variance: number;
  /** Var(f) − Var(f − c* g) = Cov(f, g)² / Var(g) of one sample: what the control takes away, at least 0. */
  readonly varianceRemoved: number;
}

/**
 * A control variate with its optimal coefficient:
 *
 *     E[f] = E[f − c (g − E[g])],   c* = Cov(f, g) / Var(g),   Var(f) − Var(f − c* g) = Cov(f, g)² / Var(g)
 *
 * Variances and covariances are the samples', over K − 1. A baseline b is the control g = ∇log p of mean 0 with c = b.
 * A coefficient that is fitted to the same samples biases the mean by a term of order 1/K. (Owen 2013, section 8.9.)
 *
 * @param options - Samples [K] of f and of g, K ≥ 2, and E[g].
 * @returns The coefficient, the controlled mean, and variances.
 * @throws ShapeError for fewer than two samples, or lengths that disagree; NumericalError naming an element that is not
 *   finite; OptionError where E[g] is no finite number.
 */
export function controlVariate({ values, controls, controlMean }: ControlVariateOptions): ControlledEstimate {
  const count = requireSamples("values", values, 2);
  requireFinite("controls", controls, [count]);
  requireNumber("controlMean", controlMean);
  let [valueMean, observedMean] = [0, 0];
  for (let k = 0; k < count; k++) {
    valueMean += values[k] / count;
    observedMean += controls[k] / count;
  }
  let [valueVariance, controlVariance, covariance] = [0, 0, 0];
  for (let k = 0; k < count; k++) {
    const [f, g] = [values[k] - valueMean, controls[k] - observedMean];
    valueVariance += (f * f) / (count - 1);
    controlVariance += (g * g) / (count - 1);
    covariance += (f * g) / (count - 1);
  }
  const coefficient = controlVariance > 0 ? covariance / controlVariance : 0;
  const varianceRemoved = coefficient * covariance;
  return {
    coefficient,
    mean: valueMean - coefficient * (observedMean - controlMean),
    variance: Math.max(0, valueVariance - varianceRemoved),
    varianceRemoved,
  };
}

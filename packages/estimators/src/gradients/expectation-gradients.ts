import { requireFinite, requireNumber } from "@uphill/core-math";
import { importanceWeights } from "../importance/importance-weights.js";
import { requireParameters, requireRowsOf, requireSamples, resultArray } from "../internal/samples.js";

/** What all estimators of ∇_θ E_{x ~ p(·; θ)}[f(x, θ)] take. */
export interface GradientOptions {
  /** D, the length of θ; 1 by default. */
  readonly parameters?: number;
  /** Where the result goes, [D]; a new array where left out. */
  readonly out?: Float64Array;
}

/** What {@link naiveGradient} takes. */
export interface NaiveGradientOptions extends GradientOptions {
  /** ∂f/∂θ at x_k, x_k held fixed; row-major [K, D]. */
  readonly valueGradients: ArrayLike<number>;
}

/** What {@link likelihoodRatioGradient} takes. */
export interface LikelihoodRatioOptions extends GradientOptions {
  /** f(x_k, θ), [K]. */
  readonly values: ArrayLike<number>;
  /** ∇_θ log p(x_k; θ), row-major [K, D]. */
  readonly scores: ArrayLike<number>;
  /** ∂f/∂θ at x_k, row-major [K, D]; 0 where left out. */
  readonly valueGradients?: ArrayLike<number>;
  /** log p(x_k; θ) − log q(x_k) in nats, [K], where x ~ q; 0 where left out: x ~ p. */
  readonly logRatios?: ArrayLike<number>;
  /** b, subtracted from the values before they meet the scores; 0 by default. */
  readonly baseline?: number;
}

/** What {@link reparameterizedGradient} takes. */
export interface ReparameterizedOptions extends GradientOptions {
  /** ∂f/∂x · ∂x/∂θ at the noise ε_k, where x = x(ε, θ); row-major [K, D]. */
  readonly pathGradients: ArrayLike<number>;
  /** ∂f/∂θ at x_k, row-major [K, D]; 0 where left out. */
  readonly valueGradients?: ArrayLike<number>;
}

/**
 * The naive estimator, which forgets that the distribution moves with θ:
 *
 *     ĝ = (1/K) Σ_k ∂f/∂θ (x_k, θ)
 *
 * Biased by E[f ∇log p], and kept to show it: ∇_θ E[f] = E[∂f/∂θ] + E[f ∇log p].
 *
 * @param options - ∂f/∂θ of each sample, [K, D], K ≥ 1.
 * @returns ĝ, [D]: `options.out`, or a new array.
 * @throws ShapeError for lengths that do not fit; NumericalError naming an element that is not finite.
 */
export function naiveGradient({ valueGradients, parameters, out }: NaiveGradientOptions): Float64Array {
  const size = requireParameters(parameters);
  const count = requireRowsOf("valueGradients", valueGradients, size);
  const gradient = resultArray(out, size).fill(0);
  for (let k = 0; k < count; k++) addRow(gradient, valueGradients, k, 1 / count);
  return gradient;
}

/**
 * The likelihood-ratio estimator, with any proposal:
 *
 *     ĝ = (1/K) Σ_k w_k ((f(x_k, θ) − b) ∇log p(x_k; θ) + ∂f/∂θ (x_k, θ)),   w = p/q
 *
 * Without bias for any f, continuous or not, where q > 0 wherever p is; b must not depend on the samples.
 * (Glynn 1990; Williams 1992 for b; Mohamed et al. 2020, section 4.)
 *
 * @param options - Values [K], scores [K, D] and what else there is, K ≥ 1.
 * @returns ĝ, [D]: `options.out`, or a new array.
 * @throws ShapeError for lengths that do not fit; NumericalError naming an element that is not finite; OptionError where
 *   b is no finite number.
 */
export function likelihoodRatioGradient(options: LikelihoodRatioOptions): Float64Array {
  const { values, scores, valueGradients, logRatios, baseline = 0 } = options;
  const size = requireParameters(options.parameters);
  const count = requireSamples("values", values);
  requireRowsOf("scores", scores, size, count);
  if (valueGradients !== undefined) requireRowsOf("valueGradients", valueGradients, size, count);
  requireNumber("baseline", baseline);
  const weights = logRatios === undefined ? undefined : importanceWeights({ logRatios });
  if (weights !== undefined) requireFinite("logRatios", weights, [count]);
  const gradient = resultArray(options.out, size).fill(0);
  for (let k = 0; k < count; k++) {
    const weight = (weights === undefined ? 1 : weights[k]) / count;
    addRow(gradient, scores, k, weight * (values[k] - baseline));
    if (valueGradients !== undefined) addRow(gradient, valueGradients, k, weight);
  }
  return gradient;
}

/**
 * The reparameterised, or pathwise, estimator, for x = x(ε, θ) with noise ε whose law does not depend on θ:
 *
 *     ĝ = (1/K) Σ_k ∂f/∂x · ∂x/∂θ + ∂f/∂θ
 *
 * Without bias where f is continuous in x, and differentiable but for points of probability 0; on a step function its
 * mean is wrong. (Kingma and Welling 2014, section 2.4; Mohamed et al. 2020, section 5.)
 *
 * @param options - Path derivatives [K, D] and ∂f/∂θ [K, D], K ≥ 1.
 * @returns ĝ, [D]: `options.out`, or a new array.
 * @throws ShapeError for lengths that do not fit; NumericalError naming an element that is not finite.
 */
export function reparameterizedGradient(options: ReparameterizedOptions): Float64Array {
  const { pathGradients, valueGradients } = options;
  const size = requireParameters(options.parameters);
  const count = requireRowsOf("pathGradients", pathGradients, size);
  if (valueGradients !== undefined) requireRowsOf("valueGradients", valueGradients, size, count);
  const gradient = resultArray(options.out, size).fill(0);
  for (let k = 0; k < count; k++) {
    addRow(gradient, pathGradients, k, 1 / count);
    if (valueGradients !== undefined) addRow(gradient, valueGradients, k, 1 / count);
  }
  return gradient;
}

/** Adds a multiple of row k of a matrix [K, D]. */
function addRow(sum: Float64Array, matrix: ArrayLike<number>, k: number, weight: number): void {
  const start = k * sum.length;
  for (let d = 0; d < sum.length; d++) sum[d] += weight * matrix[start + d];
}

import { exp, NumericalError, OptionError, requireArray, requireNumber, ShapeError } from "@uphill/core-math";
import { resultArray } from "../internal/samples.js";

/** Samples of a proposal q, with their ratios to the target p. */
export interface ImportanceSamples {
  /** log p(x_k) − log q(x_k) in nats, [K], K ≥ 1; −∞ where p is 0. A constant that is not known may be missing. */
  readonly logRatios: ArrayLike<number>;
  /** Where the result goes, [K]; a new array where left out. */
  readonly out?: Float64Array;
}

/** What {@link importanceWeights} takes. */
export interface ImportanceWeightOptions extends ImportanceSamples {
  /** The largest weight, above 0; none by default. */
  readonly clip?: number;
}

/**
 * Importance weights, at most the bound where one is given:
 *
 *     w_k = min(p(x_k) / q(x_k), clip)
 *
 * Without a bound they average to 1 over x ~ q, and Σ w f / K is an unbiased estimate of E_p[f], where q > 0 wherever
 * p f ≠ 0. A bound trades bias for variance: the mean of w f tends to that of min(p, clip·q) f.
 * (Owen 2013, section 9.1; Ionides 2008 for the bound.)
 *
 * @param options - Log-ratios [K] and the bound.
 * @returns w, [K]: `options.out`, or a new array.
 * @throws ShapeError where there are none; NumericalError naming an element that is NaN or ∞, or a weight that
 *   overflows; OptionError for a bound that is not above 0.
 */
export function importanceWeights({ logRatios, clip, out }: ImportanceWeightOptions): Float64Array {
  const count = requireLogRatios(logRatios);
  const most = clip === undefined ? Infinity : requireNumber("clip", clip, { above: 0 });
  const weights = resultArray(out, count);
  for (let k = 0; k < count; k++) {
    const logRatio = logRatios[k];
    const weight = Math.min(exp(logRatio), most);
    if (weight === Infinity) throw new NumericalError(`logRatios at [${k}]: expected a weight that is finite, got exp(${logRatio})`);
    weights[k] = weight;
  }
  return weights;
}

/**
 * Self-normalised importance weights: w̄_k = (p/q)(x_k) / Σ_j (p/q)(x_j).
 *
 * They sum to 1, so constants that are missing from p or q cancel. (Owen 2013, section 9.2.)
 *
 * @param samples - Log-ratios [K], at least one above −∞. No size of theirs overflows.
 * @returns w̄, [K]: `samples.out`, or a new array.
 * @throws ShapeError where there are none; NumericalError naming an element that is NaN or ∞; OptionError where all are −∞.
 */
export function selfNormalizedWeights({ logRatios, out }: ImportanceSamples): Float64Array {
  const count = requireLogRatios(logRatios);
  const weights = resultArray(out, count);
  let largest = -Infinity;
  for (let k = 0; k < count; k++) largest = Math.max(largest, logRatios[k]);
  if (largest === -Infinity) throw new OptionError("logRatios: expected at least one above -Infinity, got none");
  let total = 0;
  for (let k = 0; k < count; k++) {
    weights[k] = exp(logRatios[k] - largest);
    total += weights[k];
  }
  for (let k = 0; k < count; k++) weights[k] /= total;
  return weights;
}

/**
 * Effective sample size: how many samples of p itself would be worth as much.
 *
 *     ESS = (Σ w_k)² / Σ w_k²   in [1, K]
 *
 * K where all ratios are equal, 1 where one outweighs all others. (Kong 1992; Owen 2013, section 9.3.)
 *
 * @param logRatios - log p(x_k) − log q(x_k), [K], at least one above −∞.
 * @returns ESS.
 * @throws As {@link selfNormalizedWeights}.
 */
export function effectiveSampleSize(logRatios: ArrayLike<number>): number {
  let squares = 0;
  for (const weight of selfNormalizedWeights({ logRatios })) squares += weight * weight;
  return 1 / squares;
}

/** K, where every log-ratio is below ∞ and none is NaN. */
function requireLogRatios(logRatios: ArrayLike<number>): number {
  const { length } = requireArray("logRatios", logRatios);
  if (length === 0) throw new ShapeError("logRatios: expected at least 1 sample, got 0");
  for (let k = 0; k < length; k++) {
    if (!(logRatios[k] < Infinity)) {
      throw new NumericalError(`logRatios at [${k}]: expected a finite number or -Infinity, got ${logRatios[k]}`);
    }
  }
  return length;
}

import { choleskyFactor, choleskySolve, OptionError, requireNumber } from "@uphill/core-math";
import { requireColumnsOf, requireRowsOf, requireSamples, resultArray } from "../internal/samples.js";

/** What {@link fitLinearBaseline} takes. */
export interface LinearBaselineFit {
  /** φ(s) of each sample, finite, row-major [K, F]; F is the length over K. */
  readonly features: ArrayLike<number>;
  /** What the baseline is to predict, such as returns, finite, [K]. */
  readonly returns: ArrayLike<number>;
  /** Weight of ‖w‖², at least 0; 0 by default. */
  readonly ridge?: number;
}

/** What {@link linearBaseline} takes. */
export interface LinearBaselineOptions {
  /** φ(s), row-major [K, F]. */
  readonly features: ArrayLike<number>;
  /** w of {@link fitLinearBaseline}, [F]. */
  readonly weights: ArrayLike<number>;
  /** Where the result goes, [K]; a new array where left out. */
  readonly out?: Float64Array;
}

/**
 * The state-dependent baseline that is linear in features, by least squares:
 *
 *     w = argmin Σ_k (R_k − w·φ(s_k))² + ρ ‖w‖² = (ΦᵀΦ + ρ I)⁻¹ Φᵀ R
 *
 * Fit it after the gradient that uses it, or on other episodes. (Duan et al. 2016, whose features are the observation,
 * its square, powers of time, and 1.)
 *
 * @param options - Features [K, F], returns [K] and the ridge ρ.
 * @returns w, [F].
 * @throws ShapeError for lengths that do not fit; NumericalError naming an element that is not finite; OptionError for a
 *   negative ridge, or where features depend on each other linearly and the ridge does not help.
 */
export function fitLinearBaseline({ features, returns, ridge = 0 }: LinearBaselineFit): Float64Array {
  const count = requireSamples("returns", returns);
  requireNumber("ridge", ridge, { least: 0 });
  const size = requireColumnsOf("features", features, count);
  const gram = new Float64Array(size * size);
  const target = new Float64Array(size);
  for (let k = 0; k < count; k++) {
    const row = k * size;
    for (let i = 0; i < size; i++) {
      target[i] += features[row + i] * returns[k];
      for (let j = 0; j <= i; j++) gram[i * size + j] += features[row + i] * features[row + j];
    }
  }
  for (let i = 0; i < size; i++) {
    gram[i * size + i] += ridge;
    for (let j = 0; j < i; j++) gram[j * size + i] = gram[i * size + j];
  }
  return choleskySolve(factorOf(gram), target, target);
}

/**
 * The values of a linear baseline: b(s_k) = w·φ(s_k).
 *
 * @param options - Features [K, F] and weights [F].
 * @returns b, [K]: `options.out`, or a new array.
 * @throws ShapeError for lengths that do not fit; NumericalError naming an element that is not finite.
 */
export function linearBaseline({ features, weights, out }: LinearBaselineOptions): Float64Array {
  const size = requireSamples("weights", weights);
  const count = requireRowsOf("features", features, size);
  const values = resultArray(out, count);
  for (let k = 0; k < count; k++) {
    let value = 0;
    for (let i = 0; i < size; i++) value += weights[i] * features[k * size + i];
    values[k] = value;
  }
  return values;
}

function factorOf(gram: Float64Array): Float64Array {
  try {
    return choleskyFactor(gram);
  } catch (cause) {
    if (!(cause instanceof OptionError)) throw cause;
    const message = "features: expected columns that are linearly independent, or a ridge above 0, got dependent ones";
    throw new OptionError(message, { cause });
  }
}

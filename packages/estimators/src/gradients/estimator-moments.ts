import { requireInteger } from "@uphill/core-math";
import { requireRowsOf, requireSamples } from "../internal/samples.js";

/** What {@link estimatorMoments} takes. */
export interface EstimatorTrials {
  /** An estimate [D] from samples of its own; called with 0 … trials − 1. */
  readonly estimate: (trial: number) => ArrayLike<number>;
  /** What is estimated, [D]. */
  readonly exact: ArrayLike<number>;
  /** How many estimates, at least 1; 1,000 by default. */
  readonly trials?: number;
}

/** How an estimator did over many trials; each array has one element a component. */
export interface EstimatorMoments {
  /** Mean of the estimates, [D]. */
  readonly mean: Float64Array;
  /** Mean less what is exact, [D]. */
  readonly bias: Float64Array;
  /** Variance of one estimate, over the number of trials, [D]. */
  readonly variance: Float64Array;
  /** Mean squared error, bias² + variance, [D]. */
  readonly meanSquaredError: Float64Array;
  /** The estimates, row-major [trials, D]. */
  readonly estimates: Float64Array;
}

/**
 * Mean, bias, variance and mean squared error of an estimator over independent trials:
 *
 *     MSE = E[(ĝ − g)²] = (E[ĝ] − g)² + Var[ĝ]
 *
 * @param options - The estimator, what it estimates, and the number of trials.
 * @returns Each component's moments, and all estimates.
 * @throws OptionError for fewer than one trial; ShapeError where an estimate's length is not that of `exact`;
 *   NumericalError naming an element that is not finite.
 */
export function estimatorMoments({ estimate, exact, trials = 1000 }: EstimatorTrials): EstimatorMoments {
  const size = requireSamples("exact", exact);
  requireInteger("trials", trials, { least: 1 });
  const estimates = new Float64Array(trials * size);
  for (let trial = 0; trial < trials; trial++) {
    const given = estimate(trial);
    requireRowsOf(`estimate(${trial})`, given, size, 1);
    estimates.set(given, trial * size);
  }
  const component = (value: (d: number) => number): Float64Array => Float64Array.from({ length: size }, (_, d) => value(d));
  const average = (value: (trial: number) => number): number => {
    let sum = 0;
    for (let trial = 0; trial < trials; trial++) sum += value(trial);
    return sum / trials;
  };
  const mean = component((d) => average((trial) => estimates[trial * size + d]));
  const bias = component((d) => mean[d] - exact[d]);
  const variance = component((d) => average((trial) => square(estimates[trial * size + d] - mean[d])));
  const meanSquaredError = component((d) => square(bias[d]) + variance[d]);
  return { mean, bias, variance, meanSquaredError, estimates };
}

function square(x: number): number {
  return x * x;
}

import { backtrackingLineSearch, requireNumber, requireObject } from "@uphill/core-math";
import { requireFunction } from "../internal/require-vector.js";

/** What a step that was tried led to. */
export interface MeasuredStep {
  /** The surrogate objective, to be maximised; NaN refuses the step. */
  readonly surrogate: number;
  /** The divergence from the old policy, nats; NaN refuses the step. */
  readonly klNats: number;
}

/** What {@link klLineSearch} asks of a step. */
export interface KlLineSearchOptions {
  /** The surrogate objective at the old policy. */
  readonly surrogate: number;
  /** δ > 0, the largest divergence allowed: nats. */
  readonly maxKlNats: number;
  /** What a step is multiplied by where it is refused, in (0, 1); 0.5 by default. */
  readonly shrink?: number;
  /** Steps tried at the most, at least 1; 10 by default. */
  readonly maxTrials?: number;
}

/** What {@link klLineSearch} found. */
export interface KlLineSearchResult extends MeasuredStep {
  /** The share of the full step to take; 0 where every trial was refused. */
  readonly fraction: number;
  /** Steps that were tried. */
  readonly trials: number;
  /** Whether a step was accepted. */
  readonly accepted: boolean;
}

/**
 * How much of a step to take: all of it, or half, or half of that, until
 *
 *     KL(fraction) ≤ δ   and   surrogate(fraction) > surrogate(0)
 *
 * It shrinks where the divergence exceeds the bound or the surrogate is not better. (Schulman et al. 2015, appendix C.)
 *
 * @param measure - What a share of the step, in (0, 1], leads to.
 * @param options - Where it began, the bound, and how to shrink.
 * @returns The share with its surrogate and divergence; 0 with the old ones where every trial was refused.
 * @throws OptionError for options out of range.
 */
export function klLineSearch(
  measure: (fraction: number) => MeasuredStep,
  options: KlLineSearchOptions,
): KlLineSearchResult {
  requireFunction("measure", measure);
  requireObject("options", options);
  const { surrogate, shrink = 0.5, maxTrials = 10 } = options;
  requireNumber("surrogate", surrogate);
  const maxKlNats = requireNumber("maxKlNats", options.maxKlNats, { above: 0 });
  let last: MeasuredStep = { surrogate, klNats: 0 };
  const { step, trials, accepted } = backtrackingLineSearch(
    (fraction) => {
      last = measure(fraction);
      return last.klNats <= maxKlNats ? -last.surrogate : Infinity;
    },
    { value: -surrogate, slope: 0, sufficientDecrease: 0, shrink, maxTrials },
  );
  const reached = accepted ? last : { surrogate, klNats: 0 };
  return { ...reached, fraction: step, trials, accepted };
}

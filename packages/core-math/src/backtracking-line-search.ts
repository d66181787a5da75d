import { requireInteger, requireNumber } from "./require.js";

/** Where {@link backtrackingLineSearch} begins, and what it asks of a step. */
export interface LineSearchOptions {
  /** φ(0), the value to improve on. */
  readonly value: number;
  /** φ′(0), the slope along the direction; at most 0. */
  readonly slope: number;
  /** The first step that is tried, above 0. Default 1. */
  readonly initialStep?: number;
  /** What a step is multiplied by where it is refused, in (0, 1). Default 0.5. */
  readonly shrink?: number;
  /** The share c of the decrease that the slope promises, in [0, 1): 0 asks for any improvement. Default 1e-4. */
  readonly sufficientDecrease?: number;
  /** Steps tried at the most, at least 1. Default 30. */
  readonly maxTrials?: number;
}

/** What {@link backtrackingLineSearch} found. */
export interface LineSearchResult {
  /** The step t that was accepted; 0 where none was. */
  readonly step: number;
  /** φ(t), the value there. */
  readonly value: number;
  /** Steps that were tried. */
  readonly trials: number;
  /** Whether a step was accepted. */
  readonly accepted: boolean;
}

/**
 * A step t that lowers a function enough, found by shrinking the first one until
 *
 *     φ(t) ≤ φ(0) + c t φ′(0)   and   φ(t) < φ(0)
 *
 * A constraint is heard by values: where φ is NaN or ∞ the step is refused, so that a φ which returns ∞ where a bound is
 * exceeded never oversteps it. To maximise, negate. (Armijo 1966; Nocedal and Wright 2006, algorithm 3.1.)
 *
 * @param phi - φ(t), the objective at step t > 0 along a direction.
 * @param options - φ(0), φ′(0), and what to ask for.
 * @returns The step and the value there, or step 0 where every trial was refused.
 * @throws OptionError for an option out of range.
 */
export function backtrackingLineSearch(phi: (step: number) => number, options: LineSearchOptions): LineSearchResult {
  const value = requireNumber("value", options.value);
  const slope = requireNumber("slope", options.slope, { most: 0 });
  const shrink = requireNumber("shrink", options.shrink ?? 0.5, { above: 0, below: 1 });
  const share = requireNumber("sufficientDecrease", options.sufficientDecrease ?? 1e-4, { least: 0, below: 1 });
  const maxTrials = requireInteger("maxTrials", options.maxTrials ?? 30, { least: 1 });
  let step = requireNumber("initialStep", options.initialStep ?? 1, { above: 0 });
  for (let trials = 1; trials <= maxTrials; trials++) {
    const reached = phi(step);
    if (reached < value && reached <= value + share * step * slope) return { step, value: reached, trials, accepted: true };
    step *= shrink;
  }
  return { step: 0, value, trials: maxTrials, accepted: false };
}

import { moveWithin } from "./box.js";
import type { Box } from "./box.js";

/** Shares of the decrease, and of the slope, that a step must bring. */
const DECREASE = 1e-4;
const CURVATURE = 0.9;

/** Steps tried at the most: forty halvings reach the rounding of any move. */
const MOST_TRIALS = 40;

/** An objective's value and gradient at a point. */
export interface Point {
  readonly x: Float64Array;
  readonly gradient: Float64Array;
  value: number;
}

/** Two points to work with; the one that is found is `best`. */
export interface WolfeTrials {
  best: Point;
  trial: Point;
}

/**
 * A step along x + t p, kept in the box, that lowers the objective and turns its slope, both enough:
 *
 *     f(y) ≤ f(x) + 1e-4 gᵀ(y − x)   and   g(y)ᵀ(y − x) ≥ 0.9 gᵀ(y − x)
 *
 * t doubles while the slope is as steep as before and is halved between what was too little and too much (Lewis and
 * Overton 2013, algorithm 2.6). Where every coordinate that moves has met its bound, or trials run out, the decrease
 * alone is enough.
 *
 * @returns Whether `trials.best` holds such a point.
 */
export function searchWithin(
  box: Box,
  from: Point,
  direction: Float64Array,
  evaluate: (point: Point) => boolean,
  trials: WolfeTrials,
): boolean {
  let low = 0;
  let high = Infinity;
  let promised = 0;
  for (let k = 0, t = 1; k < MOST_TRIALS; k++) {
    moveWithin(box, from.x, t, direction, trials.trial.x);
    const slope = slopeTo(from, trials.trial, from.gradient);
    // The doubled step ends where the last one did: all that moves is at its bounds.
    if (low > 0 && slope === promised) return true;
    if (slope < 0 && evaluate(trials.trial) && trials.trial.value <= from.value + DECREASE * slope) {
      [trials.best, trials.trial] = [trials.trial, trials.best];
      if (slopeTo(from, trials.best, trials.best.gradient) >= CURVATURE * slope) return true;
      low = t;
      promised = slope;
    } else {
      high = t;
    }
    t = high < Infinity ? 0.5 * (low + high) : 2 * t;
  }
  return low > 0;
}

/** gᵀ(y − x). */
function slopeTo(from: Point, to: Point, gradient: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < gradient.length; i++) sum += gradient[i] * (to.x[i] - from.x[i]);
  return sum;
}

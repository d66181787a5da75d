import { NumericalError } from "./errors.js";
import { boxOf, moveWithin, projectedGradientNorm } from "./internal/box.js";
import type { Box } from "./internal/box.js";
import { boundedDirection } from "./internal/bounded-direction.js";
import { LbfgsMemory } from "./internal/lbfgs-memory.js";
import { searchWithin } from "./internal/wolfe-search.js";
import type { Point, WolfeTrials } from "./internal/wolfe-search.js";
import { requireFinite } from "./require-elements.js";
import { expectation, requireArray, requireInteger, requireNumber } from "./require.js";

/** An objective: returns f(x) and writes its gradient, [n], to `gradient`; leaves `x`, [n], as it is. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

/** Bounds, and when {@link minimizeLbfgs} stops. */
export interface MinimizeLbfgsOptions {
  /** Least values, one for all coordinates or one each, −∞ where there is none. Default −∞. */
  readonly lower?: ArrayLike<number> | number;
  /** Largest values, one for all coordinates or one each, ∞ where there is none. Default ∞. */
  readonly upper?: ArrayLike<number> | number;
  /** Pairs of moves and gradient changes that are kept, at least 1. Default 10. */
  readonly memory?: number;
  /** Converged once no coordinate of the projected gradient P(x − g) − x exceeds this; at least 0. Default 1e-8. */
  readonly gradientTolerance?: number;
  /** No progress once a step lowers f by no more than this share of |f|; at least 0. Default 1e-15. */
  readonly decreaseTolerance?: number;
  /** Steps at the most. Default 1,000. */
  readonly maxIterations?: number;
}

/** What {@link minimizeLbfgs} found. */
export interface MinimizeLbfgsResult {
  /** The best point, within the bounds to the bit: [n]. */
  readonly x: Float64Array;
  /** f(x). */
  readonly value: number;
  /** The gradient there, [n]: at bounds it need not vanish. */
  readonly gradient: Float64Array;
  /** max_i |P(x − g)_i − x_i|, with P the projection into the bounds. */
  readonly projectedGradientNorm: number;
  /** Steps taken. */
  readonly iterations: number;
  /** Calls of the objective. */
  readonly evaluations: number;
  /** `converged`: the projected gradient is small; `noProgress`: no step lowers f by more than the tolerance. */
  readonly reason: "converged" | "noProgress" | "maxIterations";
}

/**
 * A local minimum of a smooth function within bounds, by a projected limited-memory BFGS method.
 *
 * Each step holds the coordinates that a scaled gradient step would push out of their bounds, and takes them there; the
 * others go where the quadratic model gᵀp + ½ pᵀH⁻¹p is least, given those, where H is the inverse Hessian that the last
 * few moves tell of; and it searches along the path's projection into the bounds until Wolfe's conditions hold. Without
 * bounds it is L-BFGS, p = −H g.
 * (Liu and Nocedal 1989; for the bounds Bertsekas 1982, and Byrd, Lu, Nocedal and Zhu 1995 for what is compared with.)
 *
 * @param objective - f and its gradient. Where a value or a gradient is not finite, the search steps back.
 * @param start - Where to begin, [n], n ≥ 1; moved into the bounds.
 * @param options - Bounds, and when to stop.
 * @returns The point, and why it stopped there.
 * @throws OptionError for an option out of range, or a lower bound above its upper one; ShapeError for bounds of another
 *   length; NumericalError where the start, or the objective there, is not finite.
 */
export function minimizeLbfgs(
  objective: Objective,
  start: ArrayLike<number>,
  options: MinimizeLbfgsOptions = {},
): MinimizeLbfgsResult {
  const n = requireArray("start", start).length;
  requireFinite("start", start, [n]);
  const box = boxOf(n, options.lower ?? -Infinity, options.upper ?? Infinity);
  const memory = new LbfgsMemory(requireInteger("memory", options.memory ?? 10, { least: 1 }));
  const gradientTolerance = requireNumber("gradientTolerance", options.gradientTolerance ?? 1e-8, { least: 0 });
  const decreaseTolerance = requireNumber("decreaseTolerance", options.decreaseTolerance ?? 1e-15, { least: 0 });
  const maxIterations = requireInteger("maxIterations", options.maxIterations ?? 1000, { least: 0 });
  const evaluations = { count: 0 };
  const evaluate = (at: Point): boolean => evaluateAt(objective, at, evaluations);
  const trials = { best: emptyPoint(n), trial: emptyPoint(n) };
  let point = startingPoint(box, start, evaluate);
  let iterations = 0;
  for (let stalled = false; ; ) {
    const norm = projectedGradientNorm(box, point.x, point.gradient);
    if (norm <= gradientTolerance || stalled || iterations === maxIterations) {
      const reason = norm <= gradientTolerance ? "converged" : stalled ? "noProgress" : "maxIterations";
      return { ...point, projectedGradientNorm: norm, iterations, evaluations: evaluations.count, reason };
    }
    if (searchWithin(box, point, boundedDirection(box, point, memory), evaluate, trials)) {
      const decrease = point.value - trials.best.value;
      stalled = decrease <= decreaseTolerance * Math.abs(point.value);
      point = advance(point, trials, memory);
      iterations++;
    } else {
      // Without a memory the direction was the gradient's: there is nothing else to try.
      stalled = memory.isEmpty;
      memory.clear();
    }
  }
}

function emptyPoint(n: number): Point {
  return { x: new Float64Array(n), gradient: new Float64Array(n), value: Number.NaN };
}

/** Evaluates the objective at a point; whether value and gradient are finite. */
function evaluateAt(objective: Objective, point: Point, evaluations: { count: number }): boolean {
  evaluations.count++;
  // What the objective forgets to write is NaN, and not the gradient of another point.
  point.gradient.fill(Number.NaN);
  point.value = objective(point.x, point.gradient);
  return Number.isFinite(point.value) && point.gradient.every(Number.isFinite);
}

function startingPoint(box: Box, start: ArrayLike<number>, evaluate: (point: Point) => boolean): Point {
  const point = emptyPoint(start.length);
  const given = Float64Array.from(start);
  moveWithin(box, given, 0, given, point.x);
  if (evaluate(point)) return point;
  if (!Number.isFinite(point.value)) {
    throw new NumericalError(expectation("objective", "a finite value at the start", point.value));
  }
  requireFinite("gradient", point.gradient, [start.length]);
  return point;
}

/** Moves to the best point found, and remembers the move. */
function advance(from: Point, trials: WolfeTrials, memory: LbfgsMemory): Point {
  const { best: to } = trials;
  memory.push(to.x.map((value, i) => value - from.x[i]), to.gradient.map((value, i) => value - from.gradient[i]));
  trials.best = from;
  return to;
}

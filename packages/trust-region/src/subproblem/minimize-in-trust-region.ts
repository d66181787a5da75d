import { expectation, NumericalError, requireFinite, requireInteger, requireNumber, requireObject } from "@uphill/core-math";
import { requireFunction, requireVector } from "../internal/require-vector.js";
import { norm } from "../internal/vectors.js";
import type { SubproblemStep } from "./quadratic-step.js";
import { trustRegionUpdate } from "./trust-region-update.js";

/** Below it the region has shrunk to nothing. */
const LEAST_RADIUS = 1e-300;

/** What {@link minimizeInTrustRegion} takes. */
export interface TrustRegionProblem {
  /** f(x); NaN or ∞ where x is out of its domain, which refuses the step. */
  readonly value: (x: Float64Array) => number;
  /** ∇f(x), [n]. */
  readonly gradient: (x: Float64Array) => ArrayLike<number>;
  /** A step that lowers a model of f around x within Δ, such as {@link quadraticStep} or {@link steihaugStep} gives. */
  readonly step: (x: Float64Array, gradient: Float64Array, radius: number) => SubproblemStep;
  /** x of the first iteration, [n], finite. */
  readonly start: ArrayLike<number>;
  /** The first Δ > 0; 1 by default. */
  readonly radius?: number;
  /** The largest Δ; 1,000 times the first by default. */
  readonly maxRadius?: number;
  /** A step is accepted where it gains more than this share of what its model promised; in [0, ¼), 0.1 by default. */
  readonly acceptAbove?: number;
  /** It stops where ‖∇f‖ is at most this; at least 0, 1e-8 by default. */
  readonly tolerance?: number;
  /** Steps tried at the most, at least 0; 1,000 by default. */
  readonly maxIterations?: number;
}

/** What {@link minimizeInTrustRegion} found. */
export interface TrustRegionResult {
  /** x, [n]: the last that was accepted. */
  readonly x: Float64Array;
  /** f(x). */
  readonly value: number;
  /** ‖∇f(x)‖. */
  readonly gradientNorm: number;
  /** Δ for the next step. */
  readonly radius: number;
  /** Steps that were tried. */
  readonly iterations: number;
  /** Steps that were accepted. */
  readonly accepted: number;
  /** Why it stopped; `precision`: the model promises less than f's rounding. */
  readonly reason: "converged" | "precision" | "maxIterations";
}

/**
 * The trust-region loop: a model's step, the ratio of what it gained to what it promised, and by that ratio a region that
 * shrinks, stays or grows,
 *
 *     ρ = (f(x) − f(x + p)) / (m(0) − m(p))
 *
 * f never rises. What the model is, and how its step is found, is the caller's. (Nocedal and Wright 2006, algorithm 4.1;
 * the test is {@link trustRegionUpdate}.)
 *
 * @param problem - f, its gradient, the model's step, and when to stop.
 * @returns The last x that was accepted, and why the loop stopped.
 * @throws OptionError for options out of range; ShapeError for a gradient of another length; NumericalError where f or
 *   its gradient is not finite at the start, or the gradient at a point that was accepted.
 */
export function minimizeInTrustRegion(problem: TrustRegionProblem): TrustRegionResult {
  const { tolerance, maxIterations, maxRadius, acceptAbove, ...first } = readProblem(problem);
  let { x, value, gradient, radius } = first;
  let accepted = 0;
  for (let iterations = 0; ; iterations++) {
    const gradientNorm = norm(gradient);
    const result = { x, value, gradientNorm, radius, iterations, accepted };
    if (gradientNorm <= tolerance) return { ...result, reason: "converged" };
    if (iterations === maxIterations) return { ...result, reason: "maxIterations" };
    const { step, predictedDecrease, onBoundary } = problem.step(x, gradient, radius);
    if (!(value - predictedDecrease < value) || radius < LEAST_RADIUS) return { ...result, reason: "precision" };
    const candidate = x.map((coordinate, i) => coordinate + step[i]);
    const reached = problem.value(candidate);
    const ratio = Number.isFinite(reached) ? (value - reached) / predictedDecrease : Number.NaN;
    const update = trustRegionUpdate({ ratio, onBoundary, radius, maxRadius, acceptAbove });
    radius = update.radius;
    if (!update.accepted) continue;
    [x, value, gradient] = [candidate, reached, gradientAt(problem, candidate)];
    accepted++;
  }
}

function readProblem(problem: TrustRegionProblem) {
  requireObject("problem", problem);
  for (const name of ["value", "gradient", "step"] as const) requireFunction(name, problem[name]);
  requireVector("start", problem.start);
  const x = Float64Array.from(problem.start);
  const radius = requireNumber("radius", problem.radius ?? 1, { above: 0 });
  const maxRadius = requireNumber("maxRadius", problem.maxRadius ?? 1000 * radius, { least: radius });
  const acceptAbove = requireNumber("acceptAbove", problem.acceptAbove ?? 0.1, { least: 0, below: 0.25 });
  const tolerance = requireNumber("tolerance", problem.tolerance ?? 1e-8, { least: 0 });
  const maxIterations = requireInteger("maxIterations", problem.maxIterations ?? 1000, { least: 0 });
  const value = problem.value(x);
  if (!Number.isFinite(value)) throw new NumericalError(expectation("value at start", "a finite number", value));
  return { x, radius, maxRadius, acceptAbove, tolerance, maxIterations, value, gradient: gradientAt(problem, x) };
}

function gradientAt(problem: TrustRegionProblem, x: Float64Array): Float64Array {
  return Float64Array.from(requireFinite("gradient", problem.gradient(x), [x.length]));
}

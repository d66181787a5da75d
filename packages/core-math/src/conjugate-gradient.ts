import { NumericalError } from "./errors.js";
import { addScaled, dot } from "./internal/vector.js";
import { requireFinite } from "./require-elements.js";
import { requireArray, requireInteger, requireNumber } from "./require.js";

/** A symmetric matrix A known by its products: writes A x to `out`, and leaves `x` as it is. Both have length n. */
export type LinearOperator = (x: Float64Array, out: Float64Array) => void;

/** When {@link conjugateGradient} stops. */
export interface ConjugateGradientOptions {
  /** Residual to reach, ‖b − A x‖ ≤ tolerance · ‖b‖; at least 0. Default 1e-10. */
  readonly tolerance?: number;
  /** Products with A at the most. Default n, which exact arithmetic would not exceed. */
  readonly maxIterations?: number;
}

/** What {@link conjugateGradient} found. */
export interface ConjugateGradientResult {
  /** The last iterate, [n]. */
  readonly x: Float64Array;
  /** ‖b − A x_k‖ for k = 0 … iterations, as the recursion has it: [iterations + 1]. */
  readonly residuals: Float64Array;
  /** Steps taken. */
  readonly iterations: number;
  /** Why it stopped. */
  readonly reason: "converged" | "maxIterations" | "nonPositiveCurvature";
  /** The next direction p, [n]; where the reason is `nonPositiveCurvature`, pᵀ A p ≤ 0. */
  readonly direction: Float64Array;
}

/** What {@link conjugateGradientSteps} waits for: A `direction`, to be written to `product`. Both have length n. */
export interface WantedProduct {
  readonly direction: Float64Array;
  readonly product: Float64Array;
}

/**
 * The solution x of A x = b for a symmetric positive definite A that is known by its products, by conjugate gradients:
 *
 *     α = rᵀr / pᵀAp,   x ← x + α p,   r ← r − α A p,   p ← r + (rᵀr / previous rᵀr) p,   from x = 0, r = p = b
 *
 * Each x minimises ½ xᵀA x − bᵀx over the directions so far. It stops before a step along a direction of curvature
 * pᵀA p ≤ 0, where A is not positive definite. (Hestenes and Stiefel 1952; Nocedal and Wright 2006, algorithm 5.2.)
 *
 * @param operator - Products with A; damping (A + λ I) is the caller's to add.
 * @param b - Right-hand side, [n], finite numbers.
 * @param options - When to stop.
 * @returns x, the residuals and the reason.
 * @throws OptionError for an option out of range; NumericalError naming an element of `b`, or of a product, that is not
 *   finite.
 */
export function conjugateGradient(
  operator: LinearOperator,
  b: ArrayLike<number>,
  options: ConjugateGradientOptions = {},
): ConjugateGradientResult {
  const steps = conjugateGradientSteps(b, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    operator(value.direction, value.product);
  }
}

/**
 * {@link conjugateGradient} for who makes the products: it yields each that it wants, and goes on once it is written. So
 * they may be awaited.
 *
 * @param b - Right-hand side, [n], finite numbers.
 * @param options - When to stop.
 * @returns The result when it is done.
 * @throws as {@link conjugateGradient}, at the first step or where a product is not finite.
 */
export function* conjugateGradientSteps(
  b: ArrayLike<number>,
  options: ConjugateGradientOptions = {},
): Generator<WantedProduct, ConjugateGradientResult, undefined> {
  const n = requireArray("b", b).length;
  requireFinite("b", b, [n]);
  const tolerance = requireNumber("tolerance", options.tolerance ?? 1e-10, { least: 0 });
  const maxIterations = requireInteger("maxIterations", options.maxIterations ?? n, { least: 0 });
  const x = new Float64Array(n);
  const residual = Float64Array.from(b);
  const direction = Float64Array.from(b);
  const product = new Float64Array(n);
  let square = dot(residual, residual);
  const residuals = [Math.sqrt(square)];
  const goal = tolerance * residuals[0];
  const result = (reason: ConjugateGradientResult["reason"]): ConjugateGradientResult => ({
    x,
    residuals: Float64Array.from(residuals),
    iterations: residuals.length - 1,
    reason,
    direction,
  });
  while (residuals[residuals.length - 1] > goal) {
    if (residuals.length > maxIterations) return result("maxIterations");
    yield { direction, product };
    const curvature = dot(direction, product);
    if (!Number.isFinite(curvature)) throw notFinite(product);
    if (curvature <= 0) return result("nonPositiveCurvature");
    const step = square / curvature;
    addScaled(x, step, direction);
    addScaled(residual, -step, product);
    const nextSquare = dot(residual, residual);
    const memory = nextSquare / square;
    for (let i = 0; i < n; i++) direction[i] = residual[i] + memory * direction[i];
    square = nextSquare;
    residuals.push(Math.sqrt(square));
  }
  return result("converged");
}

/** Names the element of a product that is not finite. */
function notFinite(product: Float64Array): NumericalError {
  requireFinite("operator's product", product, [product.length]);
  return new NumericalError("operator's product: expected numbers whose squares are finite, got an overflow");
}

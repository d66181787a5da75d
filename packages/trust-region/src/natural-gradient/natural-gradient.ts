import {
  choleskyFactorAt, choleskySolve, conjugateGradient, expectation, OptionError, requireFinite, requireNumber,
  requireObject,
} from "@uphill/core-math";
import type { ConjugateGradientOptions, ConjugateGradientResult, LinearOperator } from "@uphill/core-math";
import { requireFunction, requireVector } from "../internal/require-vector.js";
import { dot } from "../internal/vectors.js";

/**
 * The natural gradient, by an exact solve with a Fisher matrix that is small enough to be written down:
 *
 *     d = F⁻¹ g,   gᵀ F⁻¹ g > 0 where g ≠ 0
 *
 * The direction in which a change of the policy gains most, however the policy is written: under θ = h(φ) with Jacobian J
 * the same change is J d_φ = d_θ. (Amari 1998, theorem 1; Kakade 2001.)
 *
 * @param gradient - g, [n], finite.
 * @param fisher - F = E[∇log π ∇log πᵀ], [n, n] row by row, positive definite; its lower triangle is what counts.
 * @returns d, a new array [n].
 * @throws ShapeError for lengths that disagree; NumericalError for what is not finite; OptionError where F is not positive
 *   definite.
 */
export function naturalGradient(gradient: ArrayLike<number>, fisher: ArrayLike<number>): Float64Array {
  const length = requireVector("gradient", gradient);
  requireFinite("fisher", fisher, [length, length]);
  const factor = new Float64Array(length * length);
  const rows = choleskyFactorAt(fisher, 0, length, factor, 0);
  if (rows === length) return choleskySolve(factor, gradient);
  throw new OptionError(
    `fisher: expected a positive definite matrix, got one whose leading ${rows + 1} × ${rows + 1} part is not`,
  );
}

/** How {@link naturalGradientByProducts} solves. */
export interface NaturalGradientOptions extends ConjugateGradientOptions {
  /** c ≥ 0 of F + c I: makes F definite where parameters do not matter, and shortens the step there. 0 by default. */
  readonly damping?: number;
}

/**
 * The natural gradient, by conjugate gradients on products with the Fisher matrix:
 *
 *     (F + c I) x = g
 *
 * The matrix is never written down. Cut off after k steps, x is the best of the directions so far, and gᵀx = xᵀ(F + c I)x
 * as for the exact one, so that {@link naturalStepSize} holds. (Schulman et al. 2015, appendix C.)
 *
 * @param gradient - g, [n], finite.
 * @param product - Writes F v to its second argument, as {@link fisherVectorProduct} makes it.
 * @param options - Damping, and when to stop: tolerance on ‖g − (F + c I)x‖/‖g‖, 1e-10; steps at the most, n.
 * @returns x, the residuals of each step, and why it stopped: `nonPositiveCurvature` where F + c I is not definite.
 * @throws OptionError for options out of range; NumericalError for what is not finite.
 */
export function naturalGradientByProducts(
  gradient: ArrayLike<number>,
  product: LinearOperator,
  options: NaturalGradientOptions = {},
): ConjugateGradientResult {
  requireVector("gradient", gradient);
  requireFunction("product", product);
  requireObject("options", options);
  const { damping = 0, ...stop } = options;
  requireNumber("damping", damping, { least: 0 });
  const damped: LinearOperator = (x, out) => {
    product(x, out);
    for (let i = 0; i < x.length; i++) out[i] += damping * x[i];
  };
  return conjugateGradient(damped, gradient, stop);
}

/**
 * How far to go along the natural gradient for a given divergence:
 *
 *     β = √(2δ / gᵀd),   d = F⁻¹g,   so that ½ (βd)ᵀ F (βd) = δ
 *
 * (Schulman et al. 2015, appendix C.)
 *
 * @param gradient - g, [n], finite.
 * @param direction - d = F⁻¹g, [n], finite.
 * @param klNats - δ ≥ 0, the divergence of the step to second order: nats.
 * @returns β ≥ 0; 0 where g is 0.
 * @throws ShapeError for lengths that disagree; NumericalError for what is not finite; OptionError where gᵀd < 0, or 0
 *   although g is not.
 */
export function naturalStepSize(gradient: ArrayLike<number>, direction: ArrayLike<number>, klNats: number): number {
  const length = requireVector("gradient", gradient);
  requireFinite("direction", direction, [length]);
  requireNumber("klNats", klNats, { least: 0 });
  const gain = dot(gradient, direction);
  if (gain > 0) return Math.sqrt((2 * klNats) / gain);
  if (Array.from(gradient).every((g) => g === 0)) return 0;
  throw new OptionError(expectation("direction", "one of gᵀd > 0", gain));
}

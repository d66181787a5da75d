import { requireNumber } from "@uphill/core-math";
import { requireVector } from "../internal/require-vector.js";
import { norm } from "../internal/vectors.js";

/**
 * The step of a given length that gains most to first order, along the gradient:
 *
 *     argmax gᵀd   subject to ‖d‖ ≤ c   =   c g / ‖g‖
 *
 * The bound is on the length, not on its square. What a parameter's unit is decides where it leads; the natural gradient
 * does not depend on that. (Schulman et al. 2015, section 7.)
 *
 * @param gradient - g, [n], finite.
 * @param length - c ≥ 0.
 * @returns d, a new array [n]; zeros where g is 0.
 * @throws OptionError, ShapeError or NumericalError naming what is wrong.
 */
export function euclideanStep(gradient: ArrayLike<number>, length: number): Float64Array {
  requireVector("gradient", gradient);
  requireNumber("length", length, { least: 0 });
  const size = norm(gradient);
  return Float64Array.from(gradient, (g) => (size === 0 ? 0 : length * (g / size)));
}

import { requireFinite, requireNumber, requireObject, symmetricEigen } from "@uphill/core-math";
import { requireVector } from "../internal/require-vector.js";
import { rootOfDecreasing } from "../internal/root-of-decreasing.js";
import { dot, matrixVector, norm } from "../internal/vectors.js";

/** What {@link quadraticStep} takes. */
export interface QuadraticModel {
  /** g, [n], finite. */
  readonly gradient: ArrayLike<number>;
  /** B, [n, n] row by row: its symmetric part (B + Bᵀ)/2 is what counts, which need not be positive definite. */
  readonly hessian: ArrayLike<number>;
  /** Δ > 0. */
  readonly radius: number;
}

/** A step within a trust region. */
export interface SubproblemStep {
  /** p, [n], ‖p‖ ≤ Δ. */
  readonly step: Float64Array;
  /** How much the model promises, −(gᵀp + ½ pᵀBp) ≥ 0. */
  readonly predictedDecrease: number;
  /** Whether the step ends on the region's boundary. */
  readonly onBoundary: boolean;
}

/**
 * The step that minimises a quadratic model within a trust region, exactly:
 *
 *     min gᵀp + ½ pᵀBp   subject to ‖p‖ ≤ Δ
 *
 * By the eigenvalues of B: p = −(B + μI)⁻¹ g, with μ ≥ max(0, −λ₁) such that μ = 0 or ‖p‖ = Δ. In the hard case, where g
 * has no part along the eigenvectors of λ₁ < 0 and ‖p‖ < Δ even at μ = −λ₁, a multiple of such an eigenvector reaches the
 * boundary. (Moré and Sorensen 1983; Nocedal and Wright 2006, theorem 4.1 and section 4.3.)
 *
 * @param model - g, B and Δ.
 * @returns p, its μ, and what it promises.
 * @throws ShapeError, NumericalError or OptionError naming what is wrong.
 */
export function quadraticStep(model: QuadraticModel): SubproblemStep & { readonly multiplier: number } {
  requireObject("model", model);
  const { gradient } = model;
  const length = requireVector("gradient", gradient);
  const hessian = symmetricPart(requireFinite("hessian", model.hessian, [length, length]), length);
  const radius = requireNumber("radius", model.radius, { above: 0 });
  const { values, vectors } = symmetricEigen(hessian);
  const rotated = Float64Array.from({ length }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += vectors[i * length + k] * gradient[i];
    return sum;
  });
  const { coordinates, multiplier, onBoundary } = stepAlongEigenvectors(rotated, values, radius);
  const step = matrixVector(vectors, coordinates);
  return { step, multiplier, onBoundary, predictedDecrease: predictedDecrease(gradient, matrixVector(hessian, step), step) };
}

/** −(gᵀp + ½ pᵀBp), from the product B p. */
export function predictedDecrease(gradient: ArrayLike<number>, product: ArrayLike<number>, step: ArrayLike<number>): number {
  return -(dot(gradient, step) + dot(product, step) / 2);
}

function symmetricPart(matrix: ArrayLike<number>, n: number): Float64Array {
  return Float64Array.from(matrix, (x, k) => x / 2 + matrix[(k % n) * n + Math.floor(k / n)] / 2);
}

interface EigenStep {
  readonly coordinates: Float64Array;
  readonly multiplier: number;
  readonly onBoundary: boolean;
}

function stepAlongEigenvectors(g: Float64Array, values: Float64Array, radius: number): EigenStep {
  const least = values[0];
  // With μ = shift − λ₁ the step is −g/(λ − λ₁ + shift), where nothing cancels.
  const at = (shift: number): Float64Array => g.map((x, k) => (x === 0 ? 0 : -x / (values[k] - least + shift)));
  if (least >= 0) {
    const newton = at(least);
    if (norm(newton) <= radius) return { coordinates: newton, multiplier: 0, onBoundary: false };
  }
  const flattest = at(0);
  const size = norm(flattest);
  if (size <= radius) {
    // The hard case: flattest is finite, so that g has no part along the first eigenvector.
    flattest[0] = Math.sqrt(Math.max(radius * radius - size * size, 0));
    return { coordinates: flattest, multiplier: -least, onBoundary: true };
  }
  const largest = norm(g) / radius;
  const smallest = least > 0 ? least : Math.abs(g[0]) / radius / 2;
  const shift = rootOfDecreasing((s) => norm(at(s)) / radius - 1, Math.min(smallest, largest), largest);
  return { coordinates: at(shift), multiplier: shift - least, onBoundary: true };
}

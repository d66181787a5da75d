import type { Tensor } from "@uphill/autodiff";

/** Σₖ coefficientsₖ xᵏ by Horner's rule; at least two coefficients. */
export function polynomial(x: Tensor, coefficients: readonly number[]): Tensor {
  const [highest, next, ...rest] = coefficients.toReversed();
  return rest.reduce((sum, coefficient) => sum.mul(x).add(coefficient), x.mul(highest).add(next));
}

import { stopGradient } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";

/** A function of x whose root is sought. */
export interface Equation {
  /** f(x), which also depends on what the root is to be differentiated in. */
  readonly residual: (x: Tensor) => Tensor;
  /** f′(x), not 0. */
  readonly slope: (x: Tensor) => Tensor;
}

/**
 * The root that Newton's method x ← x − f(x)/f′(x) comes to in a fixed number of steps.
 *
 * Derivatives do not go through the first steps, only through two more at the end. At the root one step has the first
 * derivative of the implicit function, −∂f/∂θ / f′, and two have the first three, because each squares the error: all
 * modes and nestings of differentiation see the root as a function.
 *
 * @param start - So near, or on such a side, that the steps converge.
 * @param steps - Steps before the last two.
 */
export function newtonRoot(start: Tensor, steps: number, { residual, slope }: Equation): Tensor {
  const next = (x: Tensor) => x.sub(residual(x).div(slope(x)));
  let x = start;
  for (let step = 0; step < steps; step++) x = next(x);
  return next(next(stopGradient(x)));
}

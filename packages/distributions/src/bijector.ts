import type { Tensor } from "@uphill/autodiff";
import type { Support } from "./support.js";

/** A value on the other side of a bijector. */
export interface Transformed {
  /** The value, of the shape that came in. */
  readonly value: Tensor;
  /** log |det| of the Jacobian of the map that was made, one a vector: [...batch]. */
  readonly logDeterminant: Tensor;
}

/**
 * A differentiable one-to-one map of vectors, x ↦ y, both float32 [...batch, d]: a layer of a normalising flow.
 *
 * Gradients flow to the value and to the parameters, both ways.
 */
export interface Bijector {
  /** The parameters by name. A conditioner's are in its function, and not here. */
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** What y is among. */
  readonly range: Support;
  /** y = f(x), with log |det ∂y/∂x|. */
  forward(x: Tensor): Transformed;
  /** x = f⁻¹(y), with log |det ∂x/∂y|: −∞ for y outside the range. */
  inverse(y: Tensor): Transformed;
  /** The same map with other parameters, by their names. */
  withParameters(parameters: Readonly<Record<string, Tensor>>): Bijector;
}

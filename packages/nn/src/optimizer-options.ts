import type { Tensor } from "@uphill/autodiff";

/** Options of every optimiser. */
export interface OptimizerOptions {
  /**
   * Step size, ≥ 0; or a scalar tensor, such as an input that a schedule feeds. A run whose learning rate
   * or gradient norm is NaN or infinite changes no variable.
   */
  readonly learningRate: number | Tensor;
  /** The gradients' global norm, a scalar, where it is at hand as from `clipByGlobalNorm`; else it is computed. */
  readonly gradientNorm?: Tensor;
  /** First part of the names of the optimiser's own variables; its kind by default, such as `"adam"`. */
  readonly name?: string;
}

import type { Tensor, Variable } from "@uphill/autodiff";

/** A part of a network: variables, and the expression that they make of an input. */
export interface Layer {
  /** The trainable variables, from input to output, a kernel before its bias. */
  readonly parameters: readonly Variable[];
  /**
   * The layer's output for a batch.
   *
   * @param x - float32 [batch, inputs].
   * @returns float32 [batch, outputs]. Gradients flow to the parameters and to x.
   * @throws ShapeError or OptionError for an input of another shape or dtype.
   */
  apply(x: Tensor): Tensor;
}

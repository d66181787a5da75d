import type { Store, Tensor } from "@uphill/autodiff";

/** A function that was fitted to rows of numbers. */
export interface FittedFunction {
  /**
   * Its values.
   *
   * @param inputs - `[n, width]`, rows as those that it was fitted to.
   * @returns `[n]`.
   */
  predict(inputs: Float32Array): Float64Array;
  /**
   * Its values with their derivatives in the inputs, where it has any: a forest has none.
   *
   * @param inputs - `[n, width]`.
   * @returns Values `[n]`, and derivatives `[n, width]`.
   */
  differentiate?(inputs: Float32Array): { readonly values: Float64Array; readonly gradients: Float64Array };
  /** The same as an expression, where it is one: from rows `["batch", width]` to values `["batch"]`, its weights in a store. */
  readonly expression?: { readonly store: Store; readonly value: (rows: Tensor) => Tensor };
}

/** What fits functions to rows and targets: a network, a linear function, or a forest of a library. */
export interface Regression {
  /**
   * Fits a function.
   *
   * @param inputs - `[n, width]`.
   * @param targets - `[n]`.
   * @param width - Numbers in a row.
   * @returns The function; it stays as it is where another is fitted after it.
   */
  fit(inputs: Float32Array, targets: Float64Array, width: number): FittedFunction | Promise<FittedFunction>;
}

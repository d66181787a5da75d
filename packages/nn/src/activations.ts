import type { Tensor } from "@uphill/autodiff";

/** A function applied to each element of a tensor. */
export type Activation = (x: Tensor) => Tensor;

/** The names of {@link activations}. */
export type ActivationName = "identity" | "tanh" | "relu" | "sigmoid" | "softplus" | "elu" | "gelu";

/**
 * The activations by name, so that options can say which as data. Each keeps the shape of its argument.
 *
 * - `identity`: x
 * - `tanh`: tanh x
 * - `relu`: max(x, 0), with derivative 0 at 0
 * - `sigmoid`: 1 / (1 + e⁻ˣ)
 * - `softplus`: log(1 + eˣ)
 * - `elu`: x where x > 0, else eˣ − 1 (Clevert, Unterthiner and Hochreiter 2016, α = 1)
 * - `gelu`: x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))) (Hendrycks and Gimpel 2016, the tanh form)
 */
export const activations: Readonly<Record<ActivationName, Activation>> = {
  identity: (x) => x,
  tanh: (x) => x.tanh(),
  relu: (x) => x.relu(),
  sigmoid: (x) => x.sigmoid(),
  softplus: (x) => x.softplus(),
  elu: (x) => x.elu(),
  gelu: (x) => x.gelu(),
};

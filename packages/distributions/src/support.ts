/** Which values a distribution can give; every sample lies within. */
export type Support =
  /** Indices: component k is one of 0 … countsₖ − 1. One count stands for a value without axes. */
  | { readonly kind: "indices"; readonly counts: readonly number[] }
  /** All real numbers in each component. */
  | { readonly kind: "real" }
  /** lowᵢ ≤ xᵢ ≤ highᵢ in each component. */
  | { readonly kind: "box"; readonly low: readonly number[]; readonly high: readonly number[] }
  /** xᵢ ≥ 0 and Σᵢ xᵢ = 1. */
  | { readonly kind: "simplex" }
  /** The one value that the parameters are. */
  | { readonly kind: "point" };

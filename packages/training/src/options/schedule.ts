/**
 * A number over the course of training: constant, or from the first value to the second, linearly or along half a
 * cosine wave.
 */
export type Schedule =
  | number
  | { readonly linear: readonly [from: number, to: number] }
  | { readonly cosine: readonly [from: number, to: number] };

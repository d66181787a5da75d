import type { Tensor } from "@uphill/autodiff";

/**
 * a + w (b − a), the moving average's step from a towards b.
 *
 * Not (1 − w) a + w b: in float32 the weights 0.999 and 0.001 do not add up to 1, and the average would be
 * wrong by 1.3e-5 of itself.
 */
export function towards(a: Tensor, b: Tensor, weight: number): Tensor {
  return b.sub(a).mul(weight).add(a);
}

import { where } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";

/** 2⁻¹¹⁶: a step of 1/1000 of it is still a normal float32. */
const TINY = 2 ** -116;

/**
 * a + w (b − a), the moving average's step from a towards b; 0 where that is below {@link TINY}.
 *
 * Not (1 − w) a + w b: in float32 the weights 0.999 and 0.001 do not add up to 1, and the average would be
 * wrong by 1.3e-5 of itself.
 *
 * Averages of a gradient that stays 0, as a dead unit's, would fade into denormals, which take processors many times
 * as long, and WebAssembly cannot flush them.
 */
export function towards(a: Tensor, b: Tensor, weight: number): Tensor {
  const next = b.sub(a).mul(weight).add(a);
  return where(next.abs().less(TINY), 0, next);
}

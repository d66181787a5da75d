import { constant, maximum } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";

/** (x − mean) / (sample standard deviation + 1e-8) of a vector; a single number becomes 0. */
export function normalized(x: Tensor): Tensor {
  const centered = x.sub(x.mean());
  const count = constant(1).broadcastTo(x.shape).sum();
  const variance = centered.square().sum().div(maximum(count.sub(1), 1));
  return centered.div(variance.sqrt().add(1e-8));
}

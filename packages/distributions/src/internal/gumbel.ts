import { where } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";

/** Half of the smallest uniform number of 53 bits above 0: what a draw of 0 stands for. */
const smallest = 2 ** -54;
/** The largest float32 below 1. */
const largest = 1 - 2 ** -24;

/**
 * Standard Gumbel noise −log(−log(1 − u)) from uniform noise u on [0, 1).
 *
 * Large Gumbels are what lets a rare outcome win, so they come from u near 0, where float32 is fine, and
 * not from u near 1, where it has steps of 2⁻²⁴: probabilities far below 2⁻²⁴ come out right. Draws of 0 and
 * of 1 are moved inside, so that the result is finite, from −2.9 to 37.5, and an outcome of probability 0
 * stays impossible. No gradients are meant to flow.
 */
export function standardGumbel(uniform: Tensor): Tensor {
  const u = uniform.clip(smallest, largest);
  return exponential(u).log().neg();
}

/** −log(1 − u) by Goldberg's correction (1991, theorem 4): accurate for small u although 1 − u rounds. */
function exponential(u: Tensor): Tensor {
  const rest = u.neg().add(1);
  const lost = rest.neg().add(1);
  return where(lost.equal(0), u, rest.log().neg().mul(u).div(lost));
}

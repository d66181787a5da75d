import { maximum, minimum, where } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { newtonRoot } from "./newton-root.js";

/** Steps before the last two. The worst start, near c = −1, needs five steps in all for float64. */
const steps = 4;
/** Keeps divisions and logarithms finite where they do not count. */
const tiny = 1e-30;

/**
 * The root β of β + c tanh β = t, for c > −1, where the left side grows from a slope of 1 + c at 0 to one of 1.
 *
 * It is odd in t, so let t ≥ 0. Newton's steps then come nearer from one side, without a bracket: for c ≥ 0 the left side is
 * concave and they rise from any start below the root; for c < 0 it is convex and they fall from any start above it.
 *
 * @param steepness - 1 + c > 0, which near 0 is known better than c is.
 * @param target - t, of the same shape.
 */
export function squeezedRoot(steepness: Tensor, target: Tensor): Tensor {
  const [slope, size] = [steepness.sub(1), target.abs()];
  const start = where(slope.less(0), startAbove(minimum(steepness, 1), size), startBelow(maximum(slope, 0), size));
  return newtonRoot(where(target.less(0), start.neg(), start), steps, {
    residual: (x) => x.add(slope.mul(x.tanh())).sub(target),
    slope: (x) => slopeAt(steepness, x.tanh()),
  });
}

/** 1 + c (1 − t²), without cancelling, where t = tanh β. */
export function slopeAt(steepness: Tensor, squeezed: Tensor): Tensor {
  const square = squeezed.square();
  return steepness.mul(square.neg().add(1)).add(square);
}

/**
 * Below the root for c ≥ 0, since tanh β ≤ β, tanh β ≤ 1 and tanh β ≤ 1 − e^−2β, whose solution by Lambert's W is
 * ½ (log 2c − log ℓ) at least, with ℓ = log 2c − 2 (t − c), where ℓ > 1.
 */
function startBelow(c: Tensor, t: Tensor): Tensor {
  const logTwice = c.add(tiny).log().add(Math.LN2);
  const rest = t.sub(c);
  const exponent = maximum(logTwice.sub(rest.mul(2)), 1);
  const lambert = where(exponent.greater(1), logTwice.sub(exponent.log()).mul(0.5), 0);
  return maximum(maximum(t.div(c.add(1)), rest), lambert);
}

/**
 * Above the root for c = −k, since tanh β ≤ β, tanh β ≤ 1 and β − tanh β ≥ β³/(3 + 6β²/5), so that β is at most t/(1 − k),
 * t + k, and the larger of ∛(6t/k) and 12t/(5k).
 */
function startAbove(steepness: Tensor, t: Tensor): Tensor {
  const k = steepness.neg().add(1);
  const ratio = t.div(maximum(k, tiny));
  const cubic = maximum(ratio.mul(6).pow(1 / 3), ratio.mul(2.4));
  return minimum(minimum(t.div(maximum(steepness, tiny)), t.add(k)), cubic);
}

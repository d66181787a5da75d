import { hostOperation, where } from "@uphill/autodiff";
import type { HostOperation, Tensor } from "@uphill/autodiff";
import { OptionError } from "@uphill/core-math";
import { klStep } from "../internal/kl-step.js";

/**
 * The t of {@link klStep} for each row: u [..., n] and ε [] → t [..., 1].
 *
 * Where the bound binds, k(t, u) = ε defines t, and so its derivative:
 *
 *     dt = (dε − ∂k/∂u du) / ∂k/∂t,   ∂k/∂u = ½ t² u/p²,   ∂k/∂t = ½ t Σ u²/p²,   p = 1 + t u
 */
export function klInterpolation(u: Tensor, bound: Tensor): Tensor {
  return hostOperation(operation, [u, bound]);
}

const operation: HostOperation = {
  name: "diagonalKlProjection",
  shape: ([shape]) => shape.with(shape.length - 1, 1),
  compute: ([u, bound], out) => {
    const n = u.shape[u.shape.length - 1];
    requirePositiveBound(bound.data[0]);
    for (let row = 0; row < out.data.length; row++) out.data[row] = klStep(u.data, row * n, n, bound.data[0]);
  },
  reverse: ([u, bound], cotangent, t) => {
    const p = t.mul(u).add(1);
    const weight = u.div(p.square());
    // Where the bound does not bind t stays 1, and the slope may be 0: there the old and the new are the same.
    const binds = t.less(1);
    const slope = where(binds, t.mul(u.mul(weight).sum(-1, true)), 1);
    const share = where(binds, cotangent, 0).div(slope);
    return [share.mul(t.square()).mul(weight).neg(), share.mul(2).sum().broadcastTo(bound.shape)];
  },
};

/** Throws where a bound that was fed is not above 0. */
export function requirePositiveBound(bound: number): void {
  if (!(bound > 0 && bound < Infinity)) throw new OptionError(`bound: expected a finite number > 0, got ${bound}`);
}

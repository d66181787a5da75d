import { where } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { stirlingRemainder } from "./log-gamma.js";
import { log2Pi } from "./normal-parameters.js";
import { log1p, withDerivativesOf } from "./smooth.js";

/** Two positive numbers whose sum is 1. */
export interface Shares {
  readonly first: Tensor;
  readonly second: Tensor;
}

/** α/(α + β) and β/(α + β). */
export function sharesOf(alpha: Tensor, beta: Tensor): Shares {
  const sum = alpha.add(beta);
  return { first: alpha.div(sum), second: beta.div(sum) };
}

/**
 * log B(α, β) − α log m − β log n, with m = α/(α + β) and n = β/(α + β), for positive α and β:
 * ½ log 2π − ½ log(m n (α + β)) + μ(α) + μ(β) − μ(α + β), where μ is what Stirling's formula leaves of log Γ.
 *
 * What is left out is large for large α and β, and cancels in densities and divergences before it is rounded.
 */
export function logBetaRest(alpha: Tensor, beta: Tensor): Tensor {
  const sum = alpha.add(beta);
  const { first, second } = sharesOf(alpha, beta);
  const remainders = stirlingRemainder(alpha).add(stirlingRemainder(beta)).sub(stirlingRemainder(sum));
  return first.log().add(second.log()).add(sum.log()).mul(-0.5).add(log2Pi / 2).add(remainders);
}

/** log B(α, β) = log Γ(α) + log Γ(β) − log Γ(α + β) for positive α and β. */
export function logBeta(alpha: Tensor, beta: Tensor): Tensor {
  const { first, second } = sharesOf(alpha, beta);
  const main = alpha.mul(logShare(first, second)).add(beta.mul(logShare(second, first)));
  return main.add(logBetaRest(alpha, beta));
}

/**
 * α log(x/m) + β log(y/n) for shares (x, y) and (m, n): accurate where they are close, also for large α and β, because
 * y − n is taken to be m − x, and is not rounded again.
 */
export function weightedLogRatios(alpha: Tensor, beta: Tensor, of: Shares, to: Shares): Tensor {
  const difference = of.first.sub(to.first);
  const first = logRatio(of.first, to.first, difference);
  const second = logRatio(of.second, to.second, difference.neg());
  return alpha.mul(first).add(beta.mul(second));
}

/** log(x/y) of positive numbers whose difference x − y is known. */
function logRatio(x: Tensor, y: Tensor, difference: Tensor): Tensor {
  const relative = difference.div(y);
  const isClose = relative.abs().less(0.5);
  const plain = x.log().sub(y.log());
  return withDerivativesOf(where(isClose, log1p(where(isClose, relative, 0)), plain), plain);
}

/** The logarithm of a share, from the other one where that is small. */
function logShare(share: Tensor, other: Tensor): Tensor {
  const isMost = other.less(0.5);
  const plain = share.log();
  return withDerivativesOf(where(isMost, log1p(where(isMost, other, 0).neg()), plain), plain);
}

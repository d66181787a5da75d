import { stopGradient, where } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";

/**
 * A value with the derivatives of another expression of the same function: for formulas that are accurate but whose
 * derivatives, taken term by term, are not.
 *
 * @param value - What is computed; finite or not.
 * @param smooth - The plain formula, finite.
 */
export function withDerivativesOf(value: Tensor, smooth: Tensor): Tensor {
  return stopGradient(value).add(smooth.sub(stopGradient(smooth)));
}

/** log(1 + x) by Goldberg's correction (1991, theorem 4): accurate for small x although 1 + x rounds. x > −1. */
export function log1p(x: Tensor): Tensor {
  const onePlus = x.add(1);
  const kept = onePlus.sub(1);
  const isLost = kept.equal(0);
  const corrected = onePlus.log().mul(x).div(where(isLost, 1, kept));
  return withDerivativesOf(where(isLost, x, corrected), onePlus.log());
}

/** log(1 − eˣ) for x < 0, accurate from tiny to huge |x| (Mächler 2012). */
export function log1mexp(x: Tensor): Tensor {
  const isNear = x.greater(-0.6931471805599453);
  // Each form has a side on which it is exact and one on which it is kept from infinities.
  const near = tinyExpm1(where(isNear, x, -0.5)).neg().log();
  const far = log1p(where(isNear, -0.5, x).exp().neg());
  return where(isNear, near, far);
}

/** eˣ − 1 for −1 ≤ x ≤ 0: 2 tanh(x/2)/(1 − tanh(x/2)). */
function tinyExpm1(x: Tensor): Tensor {
  const half = x.mul(0.5).tanh();
  return half.mul(2).div(half.neg().add(1));
}

import { where } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { polynomial } from "./polynomial.js";

/** From here up Stirling's series is right to 1e-15; smaller arguments are moved by as much. */
const shift = 8;
/** B₂ₖ/(2k (2k − 1)), k = 1 … 7: log Γ in powers of 1/x², after 1/x (Abramowitz and Stegun 1964, 6.1.41). */
const logGammaSeries = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];
/** −B₂ₖ/(2k): digamma in powers of 1/x², after 1/x² (6.3.18). */
const digammaSeries = [-1 / 12, 1 / 120, -1 / 252, 1 / 240, -1 / 132, 691 / 32760, -1 / 12];
/** B₂ₖ: trigamma in powers of 1/x², after 1/x³ (6.4.12). */
const trigammaSeries = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6];

/** x split into what the series takes and the factors x, x + 1 … x + 7 by which it was moved, 1 where it was not. */
function moved(x: Tensor): { readonly z: Tensor; readonly factors: readonly Tensor[]; readonly isMoved: Tensor } {
  const isMoved = x.less(shift);
  const small = where(isMoved, x, 1);
  return {
    z: where(isMoved, x.add(shift), x),
    factors: Array.from({ length: shift }, (_, k) => small.add(k)),
    isMoved,
  };
}

/** μ(x) = log Γ(x) − (x − ½) log x + x − ½ log 2π for x > 0: what Stirling's formula leaves, 1/(12x) for large x. */
export function stirlingRemainder(x: Tensor): Tensor {
  const { z, factors, isMoved } = moved(x);
  const inverse = z.reciprocal();
  const series = inverse.mul(polynomial(inverse.square(), logGammaSeries));
  const product = factors.reduce((a, b) => a.mul(b));
  const small = where(isMoved, x, 1);
  // Stirling's main part at x + 8 less the one at x, less the logarithm of the factors.
  const main = small.add(shift - 0.5).mul(small.add(shift).log()).sub(small.sub(0.5).mul(small.log())).sub(shift);
  return series.add(where(isMoved, main.sub(product.log()), 0));
}

/** ψ(x) − log x for x > 0: −1/(2x) for large x. */
export function digammaRemainder(x: Tensor): Tensor {
  const { z, factors, isMoved } = moved(x);
  const inverse = z.reciprocal();
  const square = inverse.square();
  const series = square.mul(polynomial(square, digammaSeries)).sub(inverse.mul(0.5));
  const sum = factors.map((factor) => factor.reciprocal()).reduce((a, b) => a.add(b));
  const small = where(isMoved, x, 1);
  return series.add(where(isMoved, small.add(shift).log().sub(small.log()).sub(sum), 0));
}

/** The digamma function ψ(x) = d log Γ(x)/dx for x > 0. */
export function digamma(x: Tensor): Tensor {
  return x.log().add(digammaRemainder(x));
}

/** The trigamma function ψ′(x) for x > 0. */
export function trigamma(x: Tensor): Tensor {
  const { z, factors, isMoved } = moved(x);
  const inverse = z.reciprocal();
  const square = inverse.square();
  const series = inverse.add(square.mul(0.5)).add(inverse.mul(square).mul(polynomial(square, trigammaSeries)));
  const sum = factors.map((factor) => factor.square().reciprocal()).reduce((a, b) => a.add(b));
  return series.add(where(isMoved, sum, 0));
}

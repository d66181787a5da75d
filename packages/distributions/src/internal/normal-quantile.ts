import type { Tensor } from "@uphill/autodiff";
import { logNormalCdf } from "./log-normal-cdf.js";
import { newtonRoot } from "./newton-root.js";
import { log2Pi } from "./normal-parameters.js";
import { polynomial } from "./polynomial.js";

/**
 * Φ⁻¹(p) from log p, for p up to about ½: the normal quantile, far into the tail.
 *
 * Starts within 4.5e-4 of it for p down to 1e-7, and within 0.03 at any p (Abramowitz and Stegun 1964, 26.2.23), and solves
 * log Φ(x) = log p by Newton's method. log Φ is concave, so the steps converge from any start.
 */
export function normalQuantile(logProbability: Tensor): Tensor {
  const w = logProbability.mul(-2).sqrt();
  const correction = polynomial(w, [2.515517, 0.802853, 0.010328]).div(
    polynomial(w, [1, 1.432788, 0.189269, 0.001308]),
  );
  return newtonRoot(correction.sub(w), 1, {
    residual: (x) => logNormalCdf(x).sub(logProbability),
    slope: (x) => x.square().mul(-0.5).sub(log2Pi / 2).sub(logNormalCdf(x)).exp(),
  });
}

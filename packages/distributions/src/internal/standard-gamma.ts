import { exp, log } from "@uphill/core-math";
import type { Random } from "@uphill/core-math";

/**
 * The logarithm of a draw from the gamma distribution of a shape and of scale 1.
 *
 * By squeezing and rejecting cubes of normals (Marsaglia and Tsang 2000); a shape below 1 by a draw of shape + 1 times
 * U^(1/shape), in logarithms, since the draw itself may be far below what a double holds.
 *
 * @param shape - > 0. NaN gives NaN.
 */
function logStandardGamma(random: Random, shape: number): number {
  if (!(shape > 0 && shape < Infinity)) return Number.NaN;
  if (shape < 1) return logStandardGamma(random, shape + 1) + log(1 - random.random()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.standardNormal();
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = 1 - random.random();
    if (u < 1 - 0.0331 * x * x * x * x || log(u) < 0.5 * x * x + d * (1 - v + log(v))) return log(d) + log(v);
  }
}

/** A draw from the beta distribution of α and β: G/(G + H) with G and H of gamma laws of shapes α and β. */
export function standardBeta(random: Random, alpha: number, beta: number): number {
  const difference = logStandardGamma(random, beta) - logStandardGamma(random, alpha);
  return 1 / (1 + exp(difference));
}

import { erf } from "./error-function.js";
import { expOfMinusSquare } from "./internal/exp-of-square.js";
import { scaledErfc } from "./internal/scaled-erfc.js";
import { log } from "./log.js";

/** 1/√2, √(2π) and √(2/π). */
const INVERSE_ROOT_2 = Math.sqrt(0.5);
const ROOT_2_PI = Math.sqrt(2 * Math.PI);
const ROOT_2_OVER_PI = Math.sqrt(2 / Math.PI);

/**
 * The standard normal quantile Φ⁻¹(p): the x with Φ(x) = p.
 *
 * Two of Halley's steps from an approximation with three digits (Hastings 1955, sheet 68): on Φ(x) − ½ in the middle, so
 * that digits are kept near p = ½; on log Φ in the tails, so that they are kept down to the smallest p.
 *
 * @param p - A probability in [0, 1].
 * @returns x, within 4 units in the last place; −∞ for 0, ∞ for 1, NaN for NaN and outside [0, 1].
 */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  if (!(p > 0)) return p === 0 ? -Infinity : Number.NaN;
  if (p === 0.5) return 0;
  const logP = log(p);
  const x = approximation(Math.sqrt(-2 * logP));
  if (p > 0.125) return refinedInMiddle(refinedInMiddle(x, p - 0.5), p - 0.5);
  return refinedInTail(refinedInTail(x, logP), logP);
}

/** −Φ⁻¹ within 4.5e-4, from t = √(−2 log p). */
function approximation(t: number): number {
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328);
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return numerator / denominator - t;
}

/** A step on f = Φ(x) − ½ − excess, for which f″ = −x f′. */
function refinedInMiddle(x: number, excess: number): number {
  const step = (0.5 * erf(x * INVERSE_ROOT_2) - excess) * ROOT_2_PI / expOfMinusSquare(x, 0.5);
  return x - step / (1 + 0.5 * x * step);
}

/** A step on f = log Φ(x) − log p, for which f″ = −f′ (x + f′). */
function refinedInTail(x: number, logP: number): number {
  const scaled = scaledErfc(-x * INVERSE_ROOT_2);
  const slope = ROOT_2_OVER_PI / scaled;
  const step = (log(0.5 * scaled) - 0.5 * x * x - logP) / slope;
  return x - step / (1 + 0.5 * step * (x + slope));
}

import { exp, log, requireNumber } from "@uphill/core-math";
import { largestReward } from "../internal/largest-reward.js";

/**
 * The distribution over finitely many actions that weighs reward against divergence from a prior, in closed form:
 *
 *     π = argmax E_π[r] − η KL(π ‖ q),   π(a) = q(a) exp(r(a)/η) / Z,   Z = Σ_a q(a) exp(r(a)/η)
 *
 * The divergence is from new to old, KL(π ‖ q); that of TRPO is KL(q ‖ π), which agrees to second order only. The
 * maximum's value is η log Z ({@link logNormalizer}). (Peters, Mülling and Altün 2010, with one state.)
 *
 * @param prior - q, a distribution over n ≥ 1 actions; what it excludes stays excluded.
 * @param reward - r(a), [n], finite.
 * @param temperature - η > 0: the prior for large η, the best action for small.
 * @returns π, a new array [n].
 * @throws OptionError, ShapeError or NumericalError naming what is wrong.
 */
export function klRegularizedPolicy(
  prior: ArrayLike<number>,
  reward: ArrayLike<number>,
  temperature: number,
): Float64Array {
  const most = largestReward(prior, reward);
  requireNumber("temperature", temperature, { above: 0 });
  const weights = Float64Array.from(prior, (q, a) => (q === 0 ? 0 : q * exp((reward[a] - most) / temperature)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * The logarithm of the normaliser of {@link klRegularizedPolicy}:
 *
 *     log Z = log Σ_a q(a) exp(r(a)/η)
 *
 * (Peters, Mülling and Altün 2010, with one state.)
 *
 * @param prior - q, a distribution over n ≥ 1 actions.
 * @param reward - r(a), [n], finite.
 * @param temperature - η > 0.
 * @returns log Z, between E_q[r]/η and max r/η.
 * @throws OptionError, ShapeError or NumericalError naming what is wrong.
 */
export function logNormalizer(prior: ArrayLike<number>, reward: ArrayLike<number>, temperature: number): number {
  const most = largestReward(prior, reward);
  requireNumber("temperature", temperature, { above: 0 });
  let sum = 0;
  for (let a = 0; a < prior.length; a++) if (prior[a] > 0) sum += prior[a] * exp((reward[a] - most) / temperature);
  return most / temperature + log(sum);
}

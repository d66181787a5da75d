import { exp, log, requireNumber } from "@uphill/core-math";
import { largestReward } from "../internal/largest-reward.js";
import { rootOfDecreasing } from "../internal/root-of-decreasing.js";
import { klDivergenceNats } from "./kl-divergence-nats.js";
import { klRegularizedPolicy, logNormalizer } from "./kl-regularized-policy.js";

/** What {@link klConstrainedPolicy} found. */
export interface KlConstrainedPolicy {
  /** π, [n]. */
  readonly policy: Float64Array;
  /** η ≥ 0, the constraint's multiplier; 0 where it does not bind. */
  readonly temperature: number;
  /** Whether KL(π ‖ q) = ε; else the best actions alone are near enough to the prior. */
  readonly binding: boolean;
  /** KL(π ‖ q) ≤ ε, nats. */
  readonly klNats: number;
  /** E_π[r]. */
  readonly expectedReward: number;
  /** The dual at η, which is E_π[r] again. */
  readonly dual: number;
}

/**
 * The best distribution over finitely many actions near a prior:
 *
 *     max E_π[r]   subject to   KL(π ‖ q) ≤ ε
 *
 * It is the {@link klRegularizedPolicy} at the η that minimises {@link klConstrainedDual}. Where ε ≥ −log q(a*), a* being
 * the best actions, the constraint does not bind: η = 0, and π is the prior among them.
 * (Peters, Mülling and Altün 2010, with one state; the direction is new from old.)
 *
 * @param prior - q, a distribution over n ≥ 1 actions; what it excludes stays excluded.
 * @param reward - r(a), [n], finite.
 * @param maxKlNats - ε > 0, nats.
 * @returns The distribution, its multiplier, divergence and reward.
 * @throws OptionError, ShapeError or NumericalError naming what is wrong.
 */
export function klConstrainedPolicy(
  prior: ArrayLike<number>,
  reward: ArrayLike<number>,
  maxKlNats: number,
): KlConstrainedPolicy {
  const most = largestReward(prior, reward);
  requireNumber("maxKlNats", maxKlNats, { above: 0 });
  const best = Float64Array.from(prior, (q, a) => (reward[a] === most ? q : 0));
  const bestMass = best.reduce((sum, q) => sum + q, 0);
  if (maxKlNats >= -log(bestMass)) {
    const policy = best.map((q) => q / bestMass);
    return { ...measured(policy, prior, reward), temperature: 0, binding: false, dual: most };
  }
  const temperature = bindingTemperature(prior, reward, maxKlNats);
  const policy = klRegularizedPolicy(prior, reward, temperature);
  const dual = klConstrainedDual(prior, reward, maxKlNats, temperature);
  return { ...measured(policy, prior, reward), temperature, binding: true, dual };
}

/**
 * The dual of the KL-constrained problem, convex in η, to be minimised over η > 0:
 *
 *     g(η) = η ε + η log Σ_a q(a) exp(r(a)/η)
 *
 * It is at least E_π[r] for every π with KL(π ‖ q) ≤ ε; its minimum, as η → 0 where the constraint does not bind, is the
 * maximum of these. g′(η) = ε − KL(π_η ‖ q). (Peters, Mülling and Altün 2010, with one state.)
 *
 * @param prior - q, a distribution over n ≥ 1 actions.
 * @param reward - r(a), [n], finite.
 * @param maxKlNats - ε > 0, nats.
 * @param temperature - η > 0.
 * @returns g(η).
 * @throws OptionError, ShapeError or NumericalError naming what is wrong.
 */
export function klConstrainedDual(
  prior: ArrayLike<number>,
  reward: ArrayLike<number>,
  maxKlNats: number,
  temperature: number,
): number {
  requireNumber("maxKlNats", maxKlNats, { above: 0 });
  return temperature * (maxKlNats + logNormalizer(prior, reward, temperature));
}

/** The η at which KL(π_η ‖ q) = ε. The divergence falls as η rises, and is at most R²/(8η²), R the range of rewards. */
function bindingTemperature(prior: ArrayLike<number>, reward: ArrayLike<number>, maxKlNats: number): number {
  const allowed = Array.from(reward).filter((_, a) => prior[a] > 0);
  const range = Math.max(...allowed) - Math.min(...allowed);
  const excess = (logTemperature: number): number =>
    klDivergenceNats(klRegularizedPolicy(prior, reward, exp(logTemperature)), prior) - maxKlNats;
  // A little above the bound, since both sides round. At e⁻⁶⁰ of it two rewards that float64 tells apart are far apart.
  const highest = log(range / Math.sqrt(8 * maxKlNats)) + 0.01;
  return exp(rootOfDecreasing(excess, highest - 60, highest));
}

function measured(policy: Float64Array, prior: ArrayLike<number>, reward: ArrayLike<number>) {
  return {
    policy,
    klNats: klDivergenceNats(policy, prior),
    expectedReward: policy.reduce((sum, p, a) => sum + p * reward[a], 0),
  };
}

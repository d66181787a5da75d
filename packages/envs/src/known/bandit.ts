import { expectation, OptionError, type Random, requireArray, requireNumber, requireObject } from "@uphill/core-math";
import { type Dynamics, environmentFromDynamics } from "../dynamics.js";
import type { EnvironmentDefinition, StepResults } from "../environment.js";
import { box } from "../spaces/box.js";
import { discrete, type Discrete } from "../spaces/discrete.js";

/** What {@link gaussianBandit} takes. */
export interface GaussianBanditOptions {
  /** The mean reward of each arm, finite; at least one arm. */
  readonly means: ArrayLike<number>;
  /** Standard deviation of every arm's reward, at least 0. Default 1. */
  readonly deviation?: number;
}

/** What {@link bernoulliBandit} takes. */
export interface BernoulliBanditOptions {
  /** The probability of each arm that it pays, in [0, 1]; at least one arm. */
  readonly probabilities: ArrayLike<number>;
}

/**
 * A bandit: an episode is one pull of one of k arms, and the reward of arm a is drawn from N(meanₐ, deviation²).
 *
 * Observation `[1]`: always 1, there is nothing to see. Action: the arm. The best mean return is maxₐ meanₐ; the gradient
 * of the mean return of a softmax policy is ∂η/∂θₐ = πₐ (meanₐ − Σ_b π_b mean_b).
 *
 * Source: Sutton & Barto 2018, section 2.1 (with means drawn from N(0, 1), the ten-armed testbed of section 2.3).
 *
 * @param options - Means and deviation.
 * @throws OptionError for no arms or numbers out of range.
 */
export function gaussianBandit(options: GaussianBanditOptions): EnvironmentDefinition<Discrete> {
  requireObject("options", options);
  const means = requireArms("means", options.means, {});
  const deviation = requireNumber("deviation", options.deviation ?? 1, { least: 0 });
  return bandit("GaussianBandit-v0", means, (mean, random) => mean + deviation * random.standardNormal());
}

/**
 * A bandit whose arm a pays 1 with probability pₐ, and else 0: otherwise as {@link gaussianBandit}.
 *
 * @param options - The probabilities.
 * @throws OptionError for no arms or numbers out of range.
 */
export function bernoulliBandit(options: BernoulliBanditOptions): EnvironmentDefinition<Discrete> {
  requireObject("options", options);
  const probabilities = requireArms("probabilities", options.probabilities, { least: 0, most: 1 });
  return bandit("BernoulliBandit-v0", probabilities, (probability, random) => (random.random() < probability ? 1 : 0));
}

/** What a pull of an arm with this mean gives. */
type Pull = (mean: number, random: Random) => number;

function bandit(id: string, means: Float64Array, pull: Pull): EnvironmentDefinition<Discrete> {
  return environmentFromDynamics({
    id,
    observationSpace: box({ low: 1, high: 1 }),
    actionSpace: discrete(means.length),
    dynamics: () => new BanditDynamics(means, pull),
  });
}

/** N bandits. They have no state but their streams. */
class BanditDynamics implements Dynamics<Discrete> {
  readonly state: readonly Float64Array[] = [];

  constructor(
    private readonly means: Float64Array,
    private readonly pull: Pull,
  ) {}

  reset(): void {
    // Every episode begins alike.
  }

  observe(index: number, observations: Float32Array): void {
    observations[index] = 1;
  }

  advance(
    actions: Int32Array,
    { observations, rewards, terminated, truncated }: StepResults,
    streams: readonly Random[],
  ): void {
    for (let i = 0; i < actions.length; i++) {
      rewards[i] = this.pull(this.means[actions[i]], streams[i]);
      observations[i] = 1;
      terminated[i] = 1;
      truncated[i] = 0;
    }
  }
}

function requireArms(argument: string, values: ArrayLike<number>, range: { least?: number; most?: number }): Float64Array {
  requireArray(argument, values);
  if (values.length === 0) throw new OptionError(expectation(argument, "at least one arm", values));
  return Float64Array.from(values, (value, arm) => requireNumber(`${argument}[${arm}]`, value, range));
}

import { expectation, log, OptionError, Random, requireInteger, requireObject } from "@uphill/core-math";
import { FiniteMdp } from "../finite-mdp.js";
import { requireModestSize } from "../internal/require.js";

/** What {@link randomMdp} makes. */
export interface RandomMdpOptions {
  /** |S|, at least 1. */
  readonly states: number;
  /** |A|, at least 1. */
  readonly actions: number;
  /** γ in [0, 1). */
  readonly gamma: number;
  /** Where the draws come from: S·A·S + S·A + S of them. */
  readonly random: Random;
}

/**
 * A random finite MDP: transition rows and the start uniform over all distributions, rewards standard normal,
 *
 *     P(· | s, a) ~ Dirichlet(1, …, 1),   r(s, a) ~ N(0, 1),   α ~ Dirichlet(1, …, 1)
 *
 * Every state can follow every other. (After the Garnet problems of Bhatnagar et al. 2009, without their bound on successors.)
 *
 * @param options - Sizes, γ, and the stream.
 * @returns The process.
 * @throws OptionError for sizes below 1 or beyond memory, γ outside [0, 1), or what is no stream.
 */
export function randomMdp(options: RandomMdpOptions): FiniteMdp {
  requireObject("options", options);
  const { states, actions, gamma, random } = options;
  if (!(random instanceof Random)) throw new OptionError(expectation("random", "a Random", random));
  requireInteger("states", states, { least: 1 });
  requireInteger("actions", actions, { least: 1 });
  requireModestSize("states", states, actions);
  const transition = new Float64Array(states * actions * states);
  for (let start = 0; start < transition.length; start += states) {
    fillDistribution(transition.subarray(start, start + states), random);
  }
  const reward = new Float64Array(states * actions);
  random.fillStandardNormal(reward);
  const initial = new Float64Array(states);
  fillDistribution(initial, random);
  return new FiniteMdp({ states, actions, transition, reward, initial, gamma });
}

/** Exponential draws over their sum are uniform on the simplex. */
function fillDistribution(out: Float64Array, random: Random): void {
  let sum = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = -log(1 - random.random());
    sum += out[i];
  }
  for (let i = 0; i < out.length; i++) out[i] /= sum;
}

import { requireInteger, requireNumber, requireObject } from "@uphill/core-math";
import { FiniteMdp } from "../finite-mdp.js";
import { requireModestSize } from "../internal/require.js";

/** What {@link chainMdp} makes. */
export interface ChainMdpOptions {
  /** Length of the chain, at least 2. */
  readonly states: number;
  /** Probability in [0, 1] that a step goes the other way; 0 by default. */
  readonly slip?: number;
  /** γ in [0, 1). */
  readonly gamma: number;
}

/**
 * A corridor of n states: action 0 steps left, action 1 right, and the ends hold. A step right from the last state earns
 * 1, all else 0; it starts in state 0.
 *
 *     V*(s) = γ^{n−1−s} / (1 − γ)   where nothing slips
 *
 * The reward is far away: what explores by chance needs long. (After Sutton and Barto 2018, example 6.2.)
 *
 * @param options - Length, slip and γ.
 * @returns The process.
 * @throws OptionError for options out of range.
 */
export function chainMdp(options: ChainMdpOptions): FiniteMdp {
  requireObject("options", options);
  const states = requireInteger("states", options.states, { least: 2 });
  requireModestSize("states", states, 2);
  const slip = requireNumber("slip", options.slip ?? 0, { least: 0, most: 1 });
  const transition = new Float64Array(states * 2 * states);
  for (let s = 0; s < states; s++) {
    for (const action of [0, 1]) {
      const row = (2 * s + action) * states;
      transition[row + Math.max(s - 1, 0)] += action === 0 ? 1 - slip : slip;
      transition[row + Math.min(s + 1, states - 1)] += action === 1 ? 1 - slip : slip;
    }
  }
  const reward = new Float64Array(2 * states);
  reward[2 * states - 1] = 1;
  const initial = new Float64Array(states);
  initial[0] = 1;
  return new FiniteMdp({ states, actions: 2, transition, reward, initial, gamma: options.gamma });
}

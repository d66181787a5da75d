import { NumericalError, requireArray, requireFinite, requireProbabilities } from "@uphill/core-math";

/** The largest reward of an action that the prior allows; checks both arrays. */
export function largestReward(prior: ArrayLike<number>, reward: ArrayLike<number>): number {
  const { length } = requireArray("prior", prior);
  requireProbabilities("prior", prior, [length]);
  requireFinite("reward", reward, [length]);
  let most = -Infinity;
  let least = Infinity;
  for (let a = 0; a < length; a++) {
    if (prior[a] === 0) continue;
    most = Math.max(most, reward[a]);
    least = Math.min(least, reward[a]);
  }
  if (most - least < Infinity) return most;
  throw new NumericalError("reward: expected differences that are finite, got an overflow");
}

import { OptionError } from "@uphill/core-math";

/**
 * Refuses what a family does not have in closed form.
 *
 * @param method - Family and method, as `tanhNormal entropy`.
 * @param remedy - What to do instead, as a clause.
 * @throws OptionError always.
 */
export function noClosedForm(method: string, remedy: string): never {
  throw new OptionError(`${method}: expected a family that has one, got one that has none in closed form; ${remedy}`);
}

/** What to do without a closed form of an entropy. */
export const averageOverSamples = "average −logProbability over samples instead";
/** What to do without a closed form of a KL divergence. */
export const averageRatioOverSamples = "average the difference of logProbability over samples of the first instead";
/** What to do without a closed form of a mean. */
export const averageSamples = "average samples instead";
/** What to do without a closed form of the Fisher information. */
export const estimateFisher = "use estimatedFisher with samples instead";

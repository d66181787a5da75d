import { requireArray, requireProbabilities, ShapeError } from "@uphill/core-math";
import { requireDistributions } from "../internal/require-distributions.js";

/**
 * The total variation between two distributions, by its half L1 norm:
 *
 *     TV(p, q) = ½ Σᵢ |pᵢ − qᵢ|
 *
 * It is also the largest difference that an event's probability makes ({@link largestEventGap}), and the least chance
 * with which two draws differ ({@link maximalCoupling}). TV² ≤ KL/2 (Pinsker). (Levin and Peres 2017, proposition 4.2.)
 *
 * @param p - A distribution over n ≥ 1 outcomes.
 * @param q - A distribution over as many.
 * @returns TV, in [0, 1].
 * @throws OptionError for what is no distribution; ShapeError for lengths that disagree.
 */
export function totalVariation(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const count = requireDistributions(p, q);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.abs(p[i] - q[i]);
  return sum / 2;
}

/**
 * The event that tells two distributions apart best, and by how much: the total variation as a supremum,
 *
 *     TV(p, q) = max_E p(E) − q(E),   E = {i : pᵢ > qᵢ}
 *
 * (Levin and Peres 2017, definition 4.1 and remark 4.3.)
 *
 * @param p - A distribution over n ≥ 1 outcomes.
 * @param q - A distribution over as many.
 * @returns The outcomes of E, ascending, and p(E) − q(E).
 * @throws OptionError for what is no distribution; ShapeError for lengths that disagree.
 */
export function largestEventGap(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
): { readonly event: readonly number[]; readonly gap: number } {
  const count = requireDistributions(p, q);
  const event: number[] = [];
  let gap = 0;
  for (let i = 0; i < count; i++) {
    if (p[i] <= q[i]) continue;
    event.push(i);
    gap += p[i] - q[i];
  }
  return { event, gap };
}

/**
 * The joint distribution of X ~ p and Y ~ q in which they differ least:
 *
 *     Pr(X = i, Y = i) = min(pᵢ, qᵢ),   Pr(X = i, Y = j) = (pᵢ − qᵢ)⁺ (qⱼ − pⱼ)⁺ / TV(p, q)   for i ≠ j
 *
 * so that Pr(X ≠ Y) = TV(p, q), and no joint distribution has less. (Levin and Peres 2017, proposition 4.7.)
 *
 * @param p - A distribution over n ≥ 1 outcomes.
 * @param q - A distribution over as many.
 * @returns Pr(X = i, Y = j), a new array [n, n]: its rows sum to p, its columns to q.
 * @throws OptionError for what is no distribution; ShapeError for lengths that disagree.
 */
export function maximalCoupling(p: ArrayLike<number>, q: ArrayLike<number>): Float64Array {
  const count = requireDistributions(p, q);
  const { gap } = largestEventGap(p, q);
  const joint = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    const excess = Math.max(p[i] - q[i], 0);
    for (let j = 0; j < count; j++) {
      if (i === j) joint[i * count + j] = Math.min(p[i], q[i]);
      else if (excess > 0) joint[i * count + j] = (excess * Math.max(q[j] - p[j], 0)) / gap;
    }
  }
  return joint;
}

/**
 * The probability with which two coupled draws differ:
 *
 *     Pr(X ≠ Y) = Σ_{i≠j} Pr(X = i, Y = j) ≥ TV
 *
 * Policies are α-coupled where in every state their actions can be drawn so that they differ with at most α.
 * (Schulman et al. 2015, definition 1; Levin and Peres 2017, proposition 4.7.)
 *
 * @param joint - Pr(X = i, Y = j), [n, n]; it sums to 1.
 * @returns The probability.
 * @throws OptionError for what is no distribution; ShapeError where the length is no square.
 */
export function couplingDisagreement(joint: ArrayLike<number>): number {
  const { length } = requireArray("joint", joint);
  const count = Math.floor(Math.sqrt(length));
  if (count * count !== length) throw new ShapeError(`joint: expected n × n probabilities, got ${length} of them`);
  requireProbabilities("joint", joint, [length]);
  let sum = 0;
  for (let i = 0; i < length; i++) if (i % (count + 1) !== 0) sum += joint[i];
  return sum;
}

import { lessLogOnePlus } from "../internal/less-log-one-plus.js";
import { requireDistributions } from "../internal/require-distributions.js";

/**
 * The Kullback–Leibler divergence between two distributions over the same outcomes:
 *
 *     KL(p ‖ q) = Σᵢ pᵢ log(pᵢ/qᵢ) = Σᵢ (qᵢ − pᵢ) − pᵢ log(qᵢ/pᵢ)
 *
 * The second sum has no negative term: a small divergence keeps its digits. TV² ≤ KL/2 (Pinsker).
 * (Kullback and Leibler 1951; Cover and Thomas 2006, section 2.3 and lemma 11.6.1.)
 *
 * @param p - A distribution over n ≥ 1 outcomes.
 * @param q - A distribution over as many.
 * @returns nats ≥ 0; ∞ where q excludes an outcome that p has.
 * @throws OptionError for what is no distribution; ShapeError for lengths that disagree.
 */
export function klDivergenceNats(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const count = requireDistributions(p, q);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const ratio = (q[i] - p[i]) / p[i];
    // Where p is 0, or q/p overflows, what is left is q.
    sum += Math.abs(ratio) < Infinity ? p[i] * lessLogOnePlus(ratio, q[i] / p[i]) : q[i];
  }
  return sum;
}

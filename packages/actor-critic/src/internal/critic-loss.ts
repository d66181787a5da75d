import { stopGradient } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";

/** What critics minimise, and how far each transition's Q is from its target. */
interface CriticLoss {
  /** A scalar. Gradients flow to Q alone. */
  readonly criticLoss: Tensor;
  /** `["batch"]`. */
  readonly errors: Tensor;
}

/**
 * The loss of critics that learn one target:
 *
 *     Σᵢ E[w (Qᵢ(s, a) − y)²],        and of each transition the mean of |Qᵢ(s, a) − y| over i
 *
 * @param storedQ - Qᵢ(s, a) of each critic, `["batch"]`.
 * @param target - y, `["batch"]`.
 * @param weight - w, importance weights, `["batch"]`; 1 where left out. (Schaul et al. 2016, section 3.4.)
 */
export function criticLosses(storedQ: readonly Tensor[], target: Tensor, weight?: Tensor): CriticLoss {
  const fixed = stopGradient(target);
  const differences = storedQ.map((q) => q.sub(fixed));
  const squares = differences.map((difference) => difference.square());
  const losses = squares.map((square) => (weight === undefined ? square : square.mul(weight)).mean());
  const sizes = differences.map((difference) => stopGradient(difference).abs());
  return { criticLoss: sum(losses), errors: sum(sizes).mul(1 / sizes.length) };
}

function sum(terms: readonly Tensor[]): Tensor {
  return terms.reduce((total, term) => total.add(term));
}

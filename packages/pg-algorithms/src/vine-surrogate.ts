import { softmax } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";

/** What {@link vineSurrogate} takes, each `[states, K]`, for K actions of each state. */
export interface VineSurrogateInputs {
  /** log π(a | s) of the policy that learns. */
  readonly logProbability: Tensor;
  /** log q(a | s) of what chose the actions; 0, or any constant, where all of a discrete space were tried. */
  readonly logProposal: Tensor;
  /** Q̂(s, a); numbers that depend on the state alone may be added. */
  readonly actionValue: Tensor;
}

/**
 * TRPO's surrogate by vine sampling, a scalar to be maximised:
 *
 *     L = E_s[Σ_k w_k Q̂(s, a_k) / Σ_k w_k],   w_k = π(a_k | s) / q(a_k | s)
 *
 * With all actions of a discrete space and a constant q it is E_s[Σ_a π(a | s) Q̂(s, a)]. Gradients flow through all three.
 * (Schulman et al. 2015, equations 15 and 16.)
 *
 * @param inputs - See {@link VineSurrogateInputs}.
 * @returns L.
 * @throws ShapeError where inputs differ in shape.
 */
export function vineSurrogate({ logProbability, logProposal, actionValue }: VineSurrogateInputs): Tensor {
  return softmax(logProbability.sub(logProposal), -1).mul(actionValue).sum(-1).mean();
}

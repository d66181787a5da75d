import type { Tensor } from "@uphill/autodiff";
import { normalized, policyGradientLoss } from "@uphill/training";
import type { ShortRolloutOptions } from "./short-rollouts.js";

/** One number a step, each float32 `["batch"]`. */
export interface ActorCriticLossInputs {
  /** log π(a | s). */
  readonly logProbability: Tensor;
  /** Â. */
  readonly advantage: Tensor;
  /** Entropy of the policy. */
  readonly entropy: Tensor;
  /** V(s). */
  readonly value: Tensor;
  /** R, what the value function learns. */
  readonly valueTarget: Tensor;
}

/**
 * The loss of an actor and a critic that learn together, and its parts, each a scalar:
 *
 *     L = −E[Â log π(a | s)] − c₂ E[H(π(· | s))] + c₁ E[(V(s) − R)²]
 *
 * Gradients flow through `logProbability`, `entropy` and `value`, and through `advantage` where it is no input.
 * (Mnih et al. 2016, algorithm S3 and section 4, as a loss to minimise.)
 *
 * @param inputs - One number a step; see {@link ActorCriticLossInputs}.
 * @param settings - c₁, c₂, and whether advantages are normalised.
 * @returns Scalars: the loss, and its parts without their weights.
 * @throws ShapeError where inputs differ in shape.
 */
export function actorCriticLoss(
  { logProbability, advantage, entropy, value, valueTarget }: ActorCriticLossInputs,
  settings: Pick<ShortRolloutOptions, "normalizeAdvantages" | "entropyWeight" | "valueWeight">,
) {
  const policyLoss = policyGradientLoss({
    logProbability,
    advantage: settings.normalizeAdvantages ? normalized(advantage) : advantage,
  });
  const meanEntropy = entropy.mean();
  const valueLoss = value.sub(valueTarget).square().mean();
  return {
    loss: policyLoss.sub(meanEntropy.mul(settings.entropyWeight)).add(valueLoss.mul(settings.valueWeight)),
    policyLoss,
    valueLoss,
    entropy: meanEntropy,
  };
}

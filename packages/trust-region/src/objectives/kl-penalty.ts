import type { Tensor, TensorLike } from "@uphill/autodiff";
import { requireNumber, requireObject } from "@uphill/core-math";
import { requireFloat, requireScalar } from "../internal/matrix-tensors.js";

/**
 * The objective with a penalty on leaving the old policy, one number a step, to be maximised in the mean:
 *
 *     ρ Â − β KL(π_old(· | s) ‖ π(· | s)),   ρ = π(a|s) / π_old(a|s)
 *
 * Gradients flow through the ratio and the divergence. (Schulman et al. 2017, equation 8.)
 *
 * @param ratio - ρ, float32 `["batch"]` or of any shape.
 * @param advantage - Â, of the same shape.
 * @param klNats - The divergence at each step's state, old from new, of the same shape.
 * @param multiplier - β ≥ 0, a number or a scalar tensor.
 * @returns The objective of each step, of the same shape.
 * @throws OptionError for what is no float32 tensor, or a β out of range; ShapeError where shapes differ.
 */
export function klPenalizedSurrogatePerStep(
  ratio: Tensor,
  advantage: Tensor,
  klNats: Tensor,
  multiplier: TensorLike,
): Tensor {
  const { shape } = requireFloat("ratio", ratio);
  requireFloat("advantage", advantage, shape);
  requireFloat("klNats", klNats, shape);
  return ratio.mul(advantage).sub(klNats.mul(requireScalar("multiplier", multiplier, { least: 0 })));
}

/** What {@link adaptedKlMultiplier} takes. */
export interface KlMultiplierOptions {
  /** β > 0, of the update that was made. */
  readonly multiplier: number;
  /** The mean divergence that it led to, at least 0 but for rounding: nats. */
  readonly klNats: number;
  /** The divergence that is wanted, > 0: nats. */
  readonly targetNats: number;
}

/** How far from the target the divergence may be, as a factor. */
const TOLERATED_FACTOR = 1.5;

/**
 * The penalty's multiplier for the next update, by what the last one did:
 *
 *     β ← 2β where KL > 1.5 target,   β/2 where KL < target/1.5,   else β
 *
 * (Schulman et al. 2017, section 4.)
 *
 * @param options - β, the divergence and its target.
 * @returns The next β.
 * @throws OptionError for numbers out of range.
 */
export function adaptedKlMultiplier(options: KlMultiplierOptions): number {
  requireObject("options", options);
  const multiplier = requireNumber("multiplier", options.multiplier, { above: 0 });
  const target = requireNumber("targetNats", options.targetNats, { above: 0 });
  const kl = requireNumber("klNats", options.klNats);
  if (kl > TOLERATED_FACTOR * target) return 2 * multiplier;
  return kl < target / TOLERATED_FACTOR ? multiplier / 2 : multiplier;
}

import { where } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { requireObject } from "@uphill/core-math";
import { Categorical } from "./categorical.js";
import { requireTensor } from "./internal/require-tensor.js";

/** What a {@link maskedCategorical} is made from. */
export interface MaskedCategoricalParameters {
  /** Unnormalised log-probabilities, float32 [...batch, n]. */
  readonly logits: Tensor;
  /** Which outcomes are allowed, int32 [...batch, n]: 0 excludes one. Each row allows at least one. */
  readonly mask: Tensor;
}

/**
 * A categorical distribution over the outcomes that a mask allows, for actions that are not valid in every state:
 * pᵢ = mᵢ exp logitsᵢ / Σⱼ mⱼ exp logitsⱼ.
 *
 * It is the {@link categorical} whose excluded logits are −∞: they are never sampled, take no part in the entropy, and
 * get no gradient (Huang and Ontañón 2022, section 3). A row that allows nothing gives NaN.
 *
 * @param parameters - `logits`, float32 [...batch, n]; `mask`, int32 of the same shape.
 * @returns A categorical distribution, whose `parameters` are the masked logits.
 * @throws OptionError for another dtype; ShapeError for another shape.
 */
export function maskedCategorical(parameters: MaskedCategoricalParameters): Categorical {
  requireObject("maskedCategorical parameters", parameters);
  const { logits, mask } = parameters;
  requireTensor("maskedCategorical logits", logits, "float32");
  requireTensor("maskedCategorical mask", mask, "int32", logits.shape);
  return new Categorical({ logits: where(mask, logits, -Infinity) });
}

import { minimum, where } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { expectation, OptionError, requireNumber } from "@uphill/core-math";
import { requireFloatTensor } from "./internal/require-tensor.js";

/** What {@link clipByGlobalNorm} returns. */
export interface ClippedGradients {
  /** The scaled gradients, in the order and of the shapes given. */
  readonly gradients: readonly Tensor[];
  /** Their global norm before they were scaled, a scalar. */
  readonly norm: Tensor;
}

/**
 * The Euclidean norm of all elements of all tensors together: √(Σₖ ‖gₖ‖²).
 *
 * In float32 it is infinite where an element is beyond 1.8e19, the root of the largest float32.
 *
 * @param tensors - float32, of any shapes; at least one.
 * @returns A scalar. Gradients flow, but for all elements 0 they are NaN.
 * @throws OptionError for an empty list, or what is no float32 tensor.
 */
export function globalNorm(tensors: readonly Tensor[]): Tensor {
  if (!Array.isArray(tensors) || tensors.length === 0) {
    throw new OptionError(expectation("globalNorm tensors", "a list of at least one tensor", tensors));
  }
  return tensors
    .map((tensor, index) => requireFloatTensor(`globalNorm tensors[${index}]`, tensor).square().sum())
    .reduce((total, part) => total.add(part))
    .sqrt()
    .named("globalNorm");
}

/**
 * Gradients scaled down together so that their global norm is at most `maxNorm`:
 * gₖ · min(1, maxNorm / (norm + 1e-6)).
 *
 * The convention is that of PyTorch's `clip_grad_norm_`, 1e-6 included (Pascanu, Mikolov and Bengio 2013,
 * without it); so the result's norm is slightly below `maxNorm`. Where the norm is NaN or infinite the result
 * is too, even if each gradient is finite: then an optimiser's guard holds, and no gradient passes as 0.
 *
 * @param gradients - float32, of any shapes; at least one.
 * @param maxNorm - > 0; `Infinity` leaves finite gradients as they are.
 * @returns The scaled gradients, and the norm before: give it to the optimiser as `gradientNorm`.
 * @throws OptionError for an empty list, what is no float32 tensor, or a `maxNorm` out of its range.
 */
export function clipByGlobalNorm(gradients: readonly Tensor[], maxNorm: number): ClippedGradients {
  if (maxNorm !== Infinity) requireNumber("clipByGlobalNorm maxNorm", maxNorm, { above: 0 });
  const norm = globalNorm(gradients);
  // For an infinite norm the formula's factor would be 0, and finite gradients would silently vanish.
  const scale = where(norm.less(Infinity), minimum(norm.add(1e-6).reciprocal().mul(maxNorm), 1), norm);
  return { gradients: gradients.map((gradient) => gradient.mul(scale)), norm };
}

import { grad, jvp, stopGradient } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";

/**
 * Products with the Fisher matrix of a policy, as the Hessian of its expected divergence from itself:
 *
 *     F v = ∇_θ (vᵀ ∇_θ E_s[KL(π_old(· | s) ‖ π_θ(· | s))])   at π_θ = π_old,   F = E[∇log π ∇log πᵀ]
 *
 * A derivative along v, forward, then a gradient, in reverse: as expressions, so that one program runs both. Given the
 * coordinates z of the policy's distributions, such as logits, it is F v = Jᵀ (∂²KL/∂z²) J v with J = ∂z/∂θ: the same,
 * since ∂KL/∂z = 0 at π_θ = π_old, without second derivatives of the network, at about half the cost. The old
 * policy is what derivatives take as constant: `policy.withParameters` of `stopGradient`, or of inputs. Both directions
 * of the divergence have this Hessian, at π_θ = π_old and nowhere else. (Schulman et al. 2015, appendix C; Pearlmutter
 * 1994.)
 *
 * @param meanKlNats - E_s[KL(π_old ‖ π_θ)], a scalar.
 * @param parameters - θ: variables or inputs, float32.
 * @param directions - v: one tensor for each of θ, of its shape.
 * @param coordinates - z: the tensors through which alone the divergence depends on θ, such as the policy's
 *   `parameters`; θ itself by default.
 * @returns F v: one tensor for each of θ, of its shape.
 * @throws ShapeError where the divergence is no scalar, or parameters and directions disagree.
 */
export function fisherVectorProduct(
  meanKlNats: Tensor,
  parameters: readonly Tensor[],
  directions: readonly Tensor[],
  coordinates: readonly Tensor[] = parameters,
): Tensor[] {
  const along = jvp(coordinates, parameters, directions).map(stopGradient);
  const [slope] = jvp([meanKlNats], coordinates, along);
  return grad(slope, parameters);
}

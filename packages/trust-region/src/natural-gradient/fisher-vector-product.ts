import { concat, customGradient, factorRows, grad, input, jvp, stopGradient, substitute, vjp } from "@uphill/autodiff";
import type { Shape, Tensor } from "@uphill/autodiff";

/**
 * Products with the Fisher matrix of a policy, as the Hessian of its expected divergence from itself:
 *
 *     F v = ∇_θ (vᵀ ∇_θ E_s[KL(π_old(· | s) ‖ π_θ(· | s))])   at π_θ = π_old,   F = E[∇log π ∇log πᵀ]
 *
 * A derivative along v, forward, then a gradient, in reverse: as expressions, so that one program runs both. Given the
 * coordinates z of the policy's distributions, such as logits, it is F v = Jᵀ (∂²KL/∂z²) J v with J = ∂z/∂θ: the same,
 * since ∂KL/∂z = 0 at π_θ = π_old, without second derivatives of the network, at about half the cost.
 *
 * Compile it by `compileStaged`, which computes what does not depend on v once: the forward pass, and where the rows of z
 * have at most three numbers all but two products a layer.
 *
 * The old policy is what derivatives take as constant: `policy.withParameters` of `stopGradient`, or of inputs. Both
 * directions of the divergence have this Hessian, at π_θ = π_old and nowhere else. (Schulman et al. 2015, appendix C;
 * Pearlmutter 1994.)
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
  const computed = coordinates.filter((coordinate) => !parameters.includes(coordinate));
  const numbers = numbersOfRow(computed);
  if (numbers <= MOST_NUMBERS_BY_ROWS) return productByRows(meanKlNats, parameters, directions, coordinates, computed);
  const along = jvp(coordinates, parameters, directions).map(stopGradient);
  const [slope] = jvp([meanKlNats], coordinates, along);
  return grad(slope, parameters);
}

/**
 * The most numbers a row for which {@link productByRows} is used. At 64 × 64 and 2,048 rows it takes 0.6 times as long for
 * one number, 0.7 for two, and as long for four.
 */
const MOST_NUMBERS_BY_ROWS = 3;

/** How many numbers a row some coordinates have together; Infinity where they are of no rows, or of others. */
function numbersOfRow(coordinates: readonly Tensor[]): number {
  const counts = coordinates.map(({ shape }) => (shape.length > 0 && shape[0] === coordinates[0].shape[0] ? widthOf(shape) : Infinity));
  return counts.length === 0 ? Infinity : counts.reduce((sum, count) => sum + count);
}

/** Numbers in a row. */
function widthOf([, ...lengths]: Shape): number {
  return lengths.reduce<number>((product, length) => (typeof length === "number" ? product * length : Infinity), 1);
}

/**
 * The product where rows have few coordinates z. The gradient of one of them in a layer's weights is δ hᵀ, where neither
 * the layer's input h nor δ, the derivative of z in its output, depends on v. Summed over rows and coordinates,
 *
 *     Jᵀu = Hᵀ Σ_k diag(u_k) Δ_k,   (J v)_k = rowsum(Δ_k ∘ (H V))
 *
 * and J v is the transpose of Jᵀu: two products a layer, instead of four.
 */
function productByRows(
  meanKlNats: Tensor,
  parameters: readonly Tensor[],
  directions: readonly Tensor[],
  coordinates: readonly Tensor[],
  computed: readonly Tensor[],
): Tensor[] {
  const joined = concat(computed.map((coordinate) => coordinate.reshape([coordinate.shape[0], widthOf(coordinate.shape)])), 1);
  /** What there is in place of each computed coordinate, from a matrix of all of them. */
  const parts = (matrix: Tensor): ReadonlyMap<Tensor, Tensor> => {
    let end = 0;
    return new Map(computed.map((each) => [each, matrix.slice(1, end, (end += widthOf(each.shape))).reshape(each.shape)]));
  };
  const u = input("u", joined.shape);
  const transposed = factorRows(vjp([joined], parameters, [u]), u);
  const [moved] = vjp(transposed, [u], directions);
  const tangents = parts(moved);
  const along = coordinates.map((each) => tangents.get(each) ?? directions[parameters.indexOf(each)]);
  const [slope] = jvp([meanKlNats], coordinates, along.map(stopGradient));
  const back = customGradient(joined, parameters, (q) => substitute(transposed, new Map([[u, q]])));
  return grad(substitute([slope], parts(back))[0], parameters);
}

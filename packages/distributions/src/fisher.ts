import { constant, formatShape, grad, jvp } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { ShapeError } from "@uphill/core-math";
import type { Distribution } from "./distribution.js";
import { direction, flattened, joined, requireCoordinates } from "./internal/coordinates.js";
import { column, transposedProduct } from "./internal/matrix.js";

/**
 * The score ∇ log p(x): the derivatives of the log-probability of a value in coordinates.
 *
 * @param distribution - A batch of them.
 * @param value - x, as its `logProbability` takes it; it counts as a constant, so draw it from noise and feed it.
 * @param coordinates - What to differentiate in: `Object.values(distribution.parameters)`, or what they are made from. Each
 *   float32 [...batch, …], each row of which belongs to that distribution alone: what the batch shares has no score of one.
 * @returns [...batch, k], the k elements of the coordinates of one distribution in order.
 * @throws OptionError or ShapeError for coordinates that are not of this batch.
 */
export function score(distribution: Distribution, value: Tensor, coordinates: readonly Tensor[]): Tensor {
  const { batchShape } = distribution;
  requireCoordinates(batchShape, coordinates);
  const scores = grad(distribution.logProbability(value).sum(), coordinates);
  return joined(scores.map((each) => flattened(each, batchShape)));
}

/**
 * The Fisher information F(θ) = E_p[∇log p ∇log pᵀ] in coordinates θ: JᵀF J, with the closed form F of the family's
 * `fisher()` and the Jacobian J of its parameters in θ. A quadratic form, it changes as the coordinates do.
 *
 * For a Bernoulli distribution of probability θ it is 1/θ + 1/(1 − θ): 11.1 at 0.1, 4 at 0.5.
 *
 * @param distribution - A family that has `fisher()`.
 * @param coordinates - What its parameters are made from, as of {@link score}. It takes one pass in forward mode for each
 *   of their k elements.
 * @returns [...batch, k, k].
 * @throws OptionError or ShapeError for coordinates that are not of this batch, and where the family has no closed form.
 */
export function fisherInformation(distribution: Distribution, coordinates: readonly Tensor[]): Tensor {
  const { batchShape } = distribution;
  const counts = requireCoordinates(batchShape, coordinates);
  const parameters = Object.values(distribution.parameters);
  // ∂(all parameters)/∂(one element of a coordinate), in forward mode.
  const columns = counts.flatMap((count, k) =>
    Array.from({ length: count }, (_, i) => {
      const tangents = coordinates.map((coordinate, other) => direction(coordinate, batchShape, other === k ? i : -1));
      return column(joined(jvp(parameters, coordinates, tangents).map((tangent) => flattened(tangent, batchShape))));
    }),
  );
  const jacobian = joined(columns);
  // The information is symmetric, so its own transpose.
  return transposedProduct(jacobian, transposedProduct(distribution.fisher(), jacobian));
}

/**
 * The Fisher information, estimated by the mean over the batch of ∇log p(x) ∇log p(x)ᵀ, which is the covariance of the score,
 * since its mean is 0.
 *
 * With a batch of n copies of one distribution it has a standard error of the order of n^−½; with a batch of states it is
 * the average over states that a natural gradient takes.
 *
 * @param distribution - A batch of them, along one axis.
 * @param value - A sample of each.
 * @param coordinates - As of {@link score}.
 * @returns [k, k], symmetric, positive semidefinite.
 * @throws OptionError or ShapeError for coordinates that are not of this batch, or a batch of more axes.
 */
export function estimatedFisher(distribution: Distribution, value: Tensor, coordinates: readonly Tensor[]): Tensor {
  const { batchShape } = distribution;
  if (batchShape.length !== 1) {
    throw new ShapeError(`estimatedFisher: expected a distribution with one batch axis, got batch shape ${formatShape(batchShape)}`);
  }
  const scores = score(distribution, value, coordinates);
  const count = constant(1).broadcastTo(batchShape).sum();
  return scores.matmul(scores, { transposeA: true }).div(count);
}

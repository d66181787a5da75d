import { formatShape, Tensor } from "@uphill/autodiff";
import { expectation, OptionError, ShapeError } from "@uphill/core-math";

/**
 * The value, if it is a batch of observations as an expression.
 *
 * @param observation - float32 `[batch, size]`; the batch is a number or a name.
 * @param size - Elements of an observation.
 * @throws OptionError where it is no float32 tensor; ShapeError for another shape.
 */
export function requireObservation(observation: unknown, size: number): Tensor {
  if (!(observation instanceof Tensor)) throw new OptionError(expectation("observation", "a tensor", observation));
  const { dtype, shape } = observation;
  if (dtype !== "float32") throw new OptionError(`observation: expected a float32 tensor, got ${dtype}`);
  if (shape.length === 2 && shape[1] === size) return observation;
  throw new ShapeError(`observation: expected shape [batch, ${size}], got ${formatShape(shape)}`);
}

import { formatShape, Tensor } from "@uphill/autodiff";
import { expectation, OptionError, ShapeError } from "@uphill/core-math";

/** The value, if it is a float32 tensor. @throws OptionError for anything else. */
export function requireFloatTensor(argument: string, value: unknown): Tensor {
  if (!(value instanceof Tensor)) throw new OptionError(expectation(argument, "a float32 tensor", value));
  if (value.dtype === "float32") return value;
  throw new OptionError(`${argument}: expected a float32 tensor, got ${value.dtype}`);
}

/** The value, if it is a float32 tensor [batch, width]. @throws OptionError or ShapeError for anything else. */
export function requireBatch(argument: string, value: unknown, width: number): Tensor {
  const tensor = requireFloatTensor(argument, value);
  if (tensor.shape.length === 2 && tensor.shape[1] === width) return tensor;
  throw new ShapeError(`${argument}: expected shape [batch, ${width}], got ${formatShape(tensor.shape)}`);
}

/** The value, if it is a float32 tensor of shape []. @throws OptionError or ShapeError for anything else. */
export function requireScalar(argument: string, value: unknown): Tensor {
  const tensor = requireFloatTensor(argument, value);
  if (tensor.shape.length === 0) return tensor;
  throw new ShapeError(`${argument}: expected a scalar, got shape ${formatShape(tensor.shape)}`);
}

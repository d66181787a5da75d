import { formatShape, sameShape } from "@uphill/autodiff";
import { ShapeError } from "@uphill/core-math";
import type { DiagonalNormalParameters } from "../diagonal-normal.js";
import { requireLastLength, requireTensor } from "./require-tensor.js";

/** log 2π. */
export const log2Pi = 1.8378770664093453;

/**
 * The number of components, where the parameters fit each other.
 *
 * @param family - How errors call the distribution.
 * @throws OptionError if a parameter is no float32 tensor; ShapeError if the shapes do not fit.
 */
export function requireNormalParameters(
  family: string,
  { mean, logStandardDeviation }: DiagonalNormalParameters,
): number {
  requireTensor(`${family} mean`, mean, "float32");
  const size = requireLastLength(`${family} mean`, mean);
  requireTensor(`${family} logStandardDeviation`, logStandardDeviation, "float32");
  const { shape } = logStandardDeviation;
  if (!sameShape(shape, mean.shape) && !sameShape(shape, [size])) {
    throw new ShapeError(
      `${family} logStandardDeviation: expected shape ${formatShape(mean.shape)} or [${size}], got ${formatShape(shape)}`,
    );
  }
  return size;
}

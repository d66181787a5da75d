import { concat, constant, formatShape, sameShape } from "@uphill/autodiff";
import type { Shape, Tensor } from "@uphill/autodiff";
import { OptionError, ShapeError, expectation } from "@uphill/core-math";
import { requireTensor } from "./require-tensor.js";

/**
 * How many elements of one distribution each coordinate has.
 *
 * @throws OptionError for what is no list of float32 tensors; ShapeError for one that does not begin with the batch axes,
 *   or whose other axes are not fixed.
 */
export function requireCoordinates(batchShape: Shape, coordinates: readonly Tensor[]): readonly number[] {
  if (!Array.isArray(coordinates) || coordinates.length === 0) {
    throw new OptionError(expectation("coordinates", "an array of at least one tensor", coordinates));
  }
  return coordinates.map((coordinate: Tensor, k) => {
    const { shape } = requireTensor(`coordinates[${k}]`, coordinate, "float32");
    const rest = shape.slice(batchShape.length);
    if (!sameShape(shape.slice(0, batchShape.length), batchShape) || rest.some((length) => typeof length !== "number")) {
      const expected = formatShape([...batchShape, "…"]);
      throw new ShapeError(`coordinates[${k}]: expected shape ${expected} with fixed lengths, got ${formatShape(shape)}`);
    }
    return countOf(rest);
  });
}

/** All axes after those of the batch as one; a tensor that the batch shares is repeated for it. */
export function flattened(tensor: Tensor, batchShape: Shape): Tensor {
  const isShared = !sameShape(tensor.shape.slice(0, batchShape.length), batchShape);
  const each = isShared ? tensor.broadcastTo([...batchShape, ...tensor.shape]) : tensor;
  return each.reshape([...batchShape, countOf(each.shape.slice(batchShape.length))]);
}

/** Tensors joined along the last axis. */
export function joined(tensors: readonly Tensor[]): Tensor {
  return tensors.length === 1 ? tensors[0] : concat(tensors);
}

/** The direction of one element of a coordinate, the same for the whole batch; zeros for an index of −1. */
export function direction({ shape }: Tensor, batchShape: Shape, index: number): Tensor {
  const rest = shape.slice(batchShape.length) as number[];
  const values = Float64Array.from({ length: countOf(rest) }, (_, i) => (i === index ? 1 : 0));
  return constant(values, rest).broadcastTo(shape);
}

function countOf(lengths: Shape): number {
  return lengths.reduce<number>((product, length) => product * (length as number), 1);
}

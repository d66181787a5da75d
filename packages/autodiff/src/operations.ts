import { OptionError, ShapeError } from "@uphill/core-math";
import type { CustomReverse, HostOperation } from "./primitives/primitive.js";
import { normalizeAxis } from "./shape.js";
import { constant, elementwise, lift, Tensor } from "./tensor.js";
import type { TensorLike } from "./tensor.js";

function both(a: TensorLike, b: TensorLike): [Tensor, TensorLike] {
  if (typeof a !== "number") return [a, b];
  return typeof b === "number" ? [constant(a), b] : [lift(a, b), b];
}

/**
 * The smaller of a and b, element by element. At a tie the derivative goes to b.
 */
export function minimum(a: TensorLike, b: TensorLike): Tensor {
  return elementwise("minimum", ...both(a, b));
}

/**
 * The larger of a and b, element by element. At a tie the derivative goes to b.
 */
export function maximum(a: TensorLike, b: TensorLike): Tensor {
  return elementwise("maximum", ...both(a, b));
}

/**
 * `a` where the mask is not 0, `b` elsewhere. Derivatives flow only to what was chosen, so a NaN in the
 * other branch's derivative does not spread unless it was made upstream of this choice.
 *
 * @param mask - int32, as comparisons give it.
 */
export function where(mask: Tensor, a: TensorLike, b: TensorLike): Tensor {
  return mask.select(a, b);
}

/**
 * Tensors joined along an axis of fixed length.
 *
 * @throws ShapeError if there are none, or if they differ in another axis.
 */
export function concat(tensors: readonly Tensor[], axis = -1): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new ShapeError("concat: expected at least one tensor, got none");
  return new Tensor("concat", tensors, { axis: normalizeAxis("concat", axis, first.shape.length) });
}

/**
 * log Σ exp x over an axis, shifted by the maximum so that nothing overflows.
 *
 * @param axis - The last by default.
 * @param keepDimensions - Whether the axis stays, with length 1.
 */
export function logSumExp(x: Tensor, axis = -1, keepDimensions = false): Tensor {
  const rank = x.shape.length;
  const normalized = normalizeAxis("logSumExp", axis, rank);
  const others = x.shape.map((_, index) => index).filter((index) => index !== normalized);
  const last = normalized === rank - 1 ? x : x.transpose([...others, normalized]);
  const reduced = new Tensor("logSumExp", [last], {});
  return keepDimensions ? reduced.reshape(x.shape.with(normalized, 1)) : reduced;
}

/**
 * log softmax: x − log Σ exp x over an axis.
 *
 * The largest x becomes 0 first, so that small numbers are subtracted: at 1e4 float32 has steps of 1e-3.
 */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  const shifted = x.sub(stopGradient(x.max(axis, true)));
  return shifted.sub(logSumExp(shifted, axis, true));
}

/** exp x / Σ exp x over an axis. */
export function softmax(x: Tensor, axis = -1): Tensor {
  return logSoftmax(x, axis).exp();
}

/** Index (int32) of the largest element of the last axis, the first at a tie: […, n] → […]. */
export function argMax(x: Tensor): Tensor {
  return new Tensor("argMax", [x], {});
}

/**
 * One element of each row of x by its index: x […, n], int32 indices […] → […].
 * The derivative is a scatter. An index out of range fails the run before anything is written.
 */
export function takeAlong(x: Tensor, indices: Tensor): Tensor {
  return x.takeAlong(indices);
}

/**
 * Rows of a table by their indices: table [n, …r], int32 indices [k…] → [k…, …r].
 * The derivative adds up the rows that were taken twice. An index out of range fails the run.
 */
export function gather(table: Tensor, indices: Tensor): Tensor {
  return table.gather(indices);
}

/** x, taken as a constant by derivatives. */
export function stopGradient(x: Tensor): Tensor {
  return new Tensor("stopGradient", [x], {});
}

/**
 * The value of `value`, with the derivative replaced: for what an implicit function defines.
 *
 * @param inputs - What the value is to depend on.
 * @param reverse - From the cotangent of the value, the cotangents of `inputs` (`undefined` for zero).
 * @throws OptionError when differentiated in forward mode.
 */
export function customGradient(value: Tensor, inputs: readonly Tensor[], reverse: CustomReverse): Tensor {
  if (value.dtype !== "float32") {
    throw new OptionError(`customGradient: expected a float32 value, got ${value.dtype}`);
  }
  return new Tensor("customGradient", [value, ...inputs], { reverse });
}

/**
 * The result of a JavaScript function of arrays: for what no expression says well, such as factors of small matrices.
 *
 * It is a primitive like others, differentiable in reverse mode, and every executor of this package runs it in place:
 * the interpreter on float64, the others on their float32 memory. What it costs is what the function costs. Expressions
 * that contain it cannot be exported. An error that the function throws names the operation and fails the run before
 * any variable has changed.
 *
 * @param operation - Its name, shape rule, function and reverse rule; one object for all uses, so that equal expressions
 *   are computed once.
 * @param inputs - What it reads, of any dtype.
 * @returns float32, of the shape that the rule gives.
 * @throws ShapeError where the shape rule says so; OptionError when differentiated in forward mode.
 */
export function hostOperation(operation: HostOperation, inputs: readonly Tensor[]): Tensor {
  return new Tensor("hostOperation", inputs, { operation });
}

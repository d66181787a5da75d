import { OptionError, ShapeError } from "@uphill/core-math";
import { dependents, topologicalOrder } from "./graph.js";
import { addOptional } from "./primitives/primitive.js";
import { primitiveRow } from "./primitives/table.js";
import { formatShape, sameShape } from "./shape.js";
import { constant } from "./tensor.js";
import type { Tensor } from "./tensor.js";

/**
 * Reverse-mode derivative of a scalar: ∂scalar/∂tensor for each tensor, as new expressions.
 *
 * The result can be differentiated again.
 *
 * @param scalar - float32, of shape [].
 * @param tensors - Variables, inputs or inner expressions; each float32.
 * @returns One tensor for each, of its shape; zeros where the scalar does not depend on it.
 * @throws ShapeError if the first argument is not a scalar; OptionError if a tensor is int32.
 */
export function grad(scalar: Tensor, tensors: readonly Tensor[]): Tensor[] {
  if (scalar.shape.length !== 0) {
    throw new ShapeError(`grad: expected a scalar, got shape ${formatShape(scalar.shape)} (take its mean() or sum())`);
  }
  return vjp([scalar], tensors, [constant(1)]);
}

/**
 * Vector–Jacobian product Jᵀu: Σᵢ (∂outputsᵢ/∂tensor)ᵀ cotangentsᵢ for each tensor.
 *
 * @param outputs - float32 expressions.
 * @param tensors - What to differentiate with respect to; each float32.
 * @param cotangents - One tensor for each output, of its shape.
 * @returns One tensor for each of `tensors`, of its shape.
 * @throws ShapeError if outputs and cotangents disagree; OptionError if a tensor is int32.
 */
export function vjp(
  outputs: readonly Tensor[],
  tensors: readonly Tensor[],
  cotangents: readonly Tensor[],
): Tensor[] {
  requireMatching("vjp", "cotangents", outputs, cotangents);
  requireFloats("vjp", [...outputs, ...tensors]);
  const order = topologicalOrder(outputs);
  const relevant = dependents(order, tensors);
  const accumulated = new Map<Tensor, Tensor>();
  const accumulate = (tensor: Tensor, cotangent: Tensor): void => {
    accumulated.set(tensor, addOptional(accumulated.get(tensor), cotangent)!);
  };
  outputs.forEach((output, index) => accumulate(output, cotangents[index]));
  for (const tensor of order.toReversed()) {
    const cotangent = accumulated.get(tensor);
    if (cotangent === undefined || !tensor.inputs.some((source) => relevant.has(source))) continue;
    const parts = primitiveRow(tensor.primitive).reverse(tensor, cotangent);
    tensor.inputs.forEach((source, index) => {
      const part = parts[index];
      if (part !== undefined && relevant.has(source)) accumulate(source, part);
    });
  }
  return tensors.map((tensor) => accumulated.get(tensor) ?? zerosLike(tensor));
}

/**
 * Jacobian–vector product Jv: the derivative of the outputs in the direction of the tangents, in forward mode.
 *
 * @param outputs - float32 expressions.
 * @param tensors - What moves; each float32.
 * @param tangents - The direction: one tensor for each of `tensors`, of its shape.
 * @returns One tensor for each output, of its shape.
 * @throws ShapeError if tensors and tangents disagree; OptionError if a tensor is int32.
 */
export function jvp(
  outputs: readonly Tensor[],
  tensors: readonly Tensor[],
  tangents: readonly Tensor[],
): Tensor[] {
  requireMatching("jvp", "tangents", tensors, tangents);
  requireFloats("jvp", [...outputs, ...tensors]);
  const moving = new Map<Tensor, Tensor>();
  tensors.forEach((tensor, index) => moving.set(tensor, tangents[index]));
  for (const tensor of topologicalOrder(outputs)) {
    if (moving.has(tensor)) continue;
    const directions = tensor.inputs.map((source) => moving.get(source));
    if (directions.every((direction) => direction === undefined)) continue;
    const tangent = primitiveRow(tensor.primitive).forward(tensor, directions);
    if (tangent !== undefined) moving.set(tensor, tangent);
  }
  return outputs.map((output) => moving.get(output) ?? zerosLike(output));
}

function zerosLike(tensor: Tensor): Tensor {
  return constant(0).broadcastTo(tensor.shape);
}

function requireMatching(
  operation: string,
  argument: string,
  tensors: readonly Tensor[],
  directions: readonly Tensor[],
): void {
  if (tensors.length !== directions.length) {
    throw new ShapeError(`${operation}: expected ${tensors.length} ${argument}, got ${directions.length}`);
  }
  tensors.forEach((tensor, index) => {
    const { shape } = directions[index];
    if (!sameShape(tensor.shape, shape)) {
      throw new ShapeError(
        `${operation}: expected ${argument}[${index}] of shape ${formatShape(tensor.shape)}, got ${formatShape(shape)}`,
      );
    }
  });
}

function requireFloats(operation: string, tensors: readonly Tensor[]): void {
  const integer = tensors.find((tensor) => tensor.dtype !== "float32");
  if (integer !== undefined) {
    throw new OptionError(
      `${operation}: expected float32 tensors, got ${integer.dtype} ${integer.name ?? integer.primitive}`,
    );
  }
}

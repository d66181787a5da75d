import { OptionError, ShapeError } from "@uphill/core-math";
import { topologicalOrder } from "./graph.js";
import { formatShape, sameShape } from "./shape.js";
import { Tensor } from "./tensor.js";

/**
 * Expressions with some of their parts replaced, such as a costly part by an input that is fed its value.
 *
 * @param expressions - Any tensors.
 * @param replacements - What takes the place of a tensor wherever the expressions contain it; of its shape and dtype.
 * @returns One tensor for each expression. What contains no replaced part is the same tensor as before.
 * @throws ShapeError or OptionError for a replacement of another shape or dtype.
 */
export function substitute(expressions: readonly Tensor[], replacements: ReadonlyMap<Tensor, Tensor>): Tensor[] {
  for (const [part, replacement] of replacements) requireSameType(part, replacement);
  const order = topologicalOrder(expressions);
  const kept = new Set(expressions);
  for (const tensor of order.toReversed()) {
    if (kept.has(tensor) && !replacements.has(tensor)) for (const source of tensor.inputs) kept.add(source);
  }
  const substituted = new Map(replacements);
  for (const tensor of order) {
    if (!kept.has(tensor) || replacements.has(tensor)) continue;
    const inputs = tensor.inputs.map((source) => substituted.get(source)!);
    const unchanged = inputs.every((source, index) => source === tensor.inputs[index]);
    substituted.set(tensor, unchanged ? tensor : new Tensor(tensor.primitive, inputs, tensor.attributes, tensor.name));
  }
  return expressions.map((expression) => substituted.get(expression)!);
}

function requireSameType(part: Tensor, replacement: Tensor): void {
  const name = part.name ?? part.primitive;
  if (!sameShape(part.shape, replacement.shape)) {
    throw new ShapeError(
      `substitute: expected shape ${formatShape(part.shape)} in place of ${name}, got ${formatShape(replacement.shape)}`,
    );
  }
  if (part.dtype !== replacement.dtype) {
    throw new OptionError(`substitute: expected ${part.dtype} in place of ${name}, got ${replacement.dtype}`);
  }
}

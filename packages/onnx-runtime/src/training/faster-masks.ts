import { inOrder } from "../graph/order.js";
import { isNode, node } from "../graph/value.js";
import type { Value } from "../graph/value.js";

/** A slope that takes every positive float32 but the smallest denormals past 1. */
const STEEP = 3.4e38;

/**
 * The same graph with the mask of a ReLU's derivative, float(0 < x), by one operator in place of two, read off the ReLU's
 * result: then ONNX Runtime folds the ReLU into the product before it. Only for training: a mask of NaN is not 0, and the
 * smallest denormals give fractions.
 */
export function fasterMasks(outputs: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  const order = inOrder(Object.values(outputs));
  const relus = new Map(order.filter((value) => isNode(value, "Relu")).map((value) => [value.inputs[0], value]));
  const faster = new Map<Value, Value>();
  // What a value reads has its place before it, and so has what the ReLU of a mask reads.
  const place = (value: Value): Value => {
    const known = faster.get(value);
    if (known !== undefined || value.kind !== "node") return known ?? value;
    const source = positiveMaskOf(value);
    const placed =
      source === undefined
        ? { ...value, inputs: value.inputs.map(place) }
        : node("HardSigmoid", [place(relus.get(source) ?? source)], value.type, { alpha: { float: STEEP }, beta: { float: 0 } });
    faster.set(value, placed);
    return placed;
  };
  for (const value of order) place(value);
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, place(value)]));
}

/** x, where the value is float(0 < x). */
function positiveMaskOf(value: Value): Value | undefined {
  if (!isNode(value, "Cast") || value.type.elementType !== "float32") return undefined;
  const [mask] = value.inputs;
  if (!isNode(mask, "Less")) return undefined;
  const [zero, x] = mask.inputs;
  return zero.kind === "initializer" && zero.data.length === 1 && zero.data[0] === 0 ? x : undefined;
}

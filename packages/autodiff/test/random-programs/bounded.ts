import type { Tensor } from "../../src/index.js";
import type { PrimitiveName, Values } from "../../src/primitives/primitive.js";
import { primitiveRow } from "../../src/primitives/table.js";
import { concreteShape, elementCount } from "../../src/shape.js";
import type { Bindings } from "../../src/shape.js";

/** Float64 values of a tensor, with a bound on how far float32 may be from each of them. */
export interface Bounded {
  readonly values: Values;
  /** 0 where float32 has the very value; ∞ where nothing can be said. For integers, 0 or how far a choice may be off. */
  readonly errors: Float64Array;
}

/** Values and bounds of all tensors of one run so far. */
export type Run = ReadonlyMap<Tensor, Bounded>;

/** What a rule of error analysis sees: a tensor, its inputs with their bounds, and its exact values. */
export interface Analysed<P extends PrimitiveName> {
  readonly node: Tensor<P>;
  readonly inputs: readonly Bounded[];
  readonly values: Values;
  readonly bindings: Bindings;
  /** What was computed before. */
  readonly run: Run;
}

/** Half the distance from 1 to the next float32: what rounding adds to a result at most, relative to it. */
export const UNIT = 2 ** -24;

/** Rounding of a result among the denormal numbers, where it is no longer relative. */
export const DENORMAL = 2 ** -149;

/** The primitive applied to other numbers of the same shapes: to bounds, or to magnitudes. */
export function applied<P extends PrimitiveName>(
  { node, inputs, values: { shape }, bindings }: Analysed<P>,
  operands: readonly (Float64Array | Int32Array)[],
): Float64Array {
  const out = { data: new Float64Array(elementCount(shape)), shape };
  const sources = operands.map((data, k) => ({ data, shape: inputs[k].values.shape }));
  primitiveRow(node.primitive).evaluate(sources, node.attributes, out, bindings);
  return out.data;
}

/** A tensor's exact values from those of its inputs. */
export function exactValues(node: Tensor, inputs: readonly Bounded[], bindings: Bindings): Values {
  const shape = concreteShape(node.shape, bindings);
  const length = elementCount(shape);
  const values = { data: node.dtype === "int32" ? new Int32Array(length) : new Float64Array(length), shape };
  primitiveRow(node.primitive).evaluate(inputs.map((input) => input.values), node.attributes, values, bindings);
  return values;
}

/** A bound for each element. */
export function eachElement(length: number, bound: (index: number) => number): Float64Array {
  const errors = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const error = bound(i);
    errors[i] = Number.isNaN(error) ? Infinity : error;
  }
  return errors;
}

/** |x| + its bound: how large float32 may have it. */
export function magnitudes({ values: { data }, errors }: Bounded): Float64Array {
  return eachElement(data.length, (i) => Math.abs(data[i]) + errors[i]);
}

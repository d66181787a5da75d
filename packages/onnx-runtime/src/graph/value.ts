import type { Shape } from "@uphill/autodiff";
import type { ElementType } from "../protobuf/fields.js";

/** Element type and shape of a value; lengths known only at run time are names. */
export interface ValueType {
  readonly elementType: ElementType;
  readonly shape: Shape;
}

/** What a value is known by in the file: exactly this name if that is free, else with a number behind it. */
interface Named {
  readonly name: string;
  readonly type: ValueType;
}

/** A value that is fed at each run. */
export interface GraphInput extends Named {
  readonly kind: "input";
}

/** A constant: its numbers, row-major, in the array that belongs to its element type. */
export interface Initializer extends Named {
  readonly kind: "initializer";
  readonly data: Float32Array | Int32Array | BigInt64Array;
}

/** The application of an operator to values; it stands for its one result. */
export interface Node extends Named {
  readonly kind: "node";
  readonly operator: string;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
}

/** A value of an ONNX graph. Values are immutable and know what they are made of; a graph is what its outputs need. */
export type Value = GraphInput | Initializer | Node;

/** Attributes of a node: integers, lists of integers, text, or numbers that are no integers by their type. */
export type Attributes = Readonly<Record<string, number | readonly number[] | string | { readonly float: number }>>;

/** A value that is fed at each run. */
export function graphInput(name: string, type: ValueType): GraphInput {
  return { kind: "input", name, type };
}

/** A float32, int32 or int64 constant (a BigInt64Array is int64). */
export function initializer(name: string, data: Initializer["data"], shape: readonly number[]): Initializer {
  const elementType = data instanceof Float32Array ? "float32" : data instanceof Int32Array ? "int32" : "int64";
  return { kind: "initializer", name, type: { elementType, shape }, data };
}

/** A vector of int64: how ONNX takes shapes, axes and bounds. */
export function integers(values: readonly number[]): Initializer {
  return initializer("integers", BigInt64Array.from(values, BigInt), [values.length]);
}

/** The result of an operator. Its name is the operator's unless `name` says better. */
export function node(
  operator: string,
  inputs: readonly Value[],
  type: ValueType,
  attributes: Attributes = {},
  name: string = operator,
): Node {
  return { kind: "node", name, type, operator, inputs, attributes };
}

/** Whether the value is an application of the operator. */
export function isNode(value: Value, operator: string): value is Node {
  return value.kind === "node" && value.operator === operator;
}

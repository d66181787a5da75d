import type { PrimitiveName, Shape } from "@uphill/autodiff";
import { elementTypes } from "../protobuf/fields.js";
import type { ElementType } from "../protobuf/fields.js";
import { isNode, node } from "../graph/value.js";
import type { Node, Value } from "../graph/value.js";
import { result } from "./lowering.js";
import type { Lowering } from "./lowering.js";

function operator<P extends PrimitiveName>(name: string): Lowering<P> {
  return (tensor, inputs) => result(tensor, name, unexpanded(inputs, tensor.shape));
}

/** ONNX compares to booleans; autodiff's masks are int32. Whoever wants the boolean finds it under the cast. */
function comparison<P extends PrimitiveName>(name: string): Lowering<P> {
  return ({ shape }, inputs) =>
    cast(node(name, unexpanded(inputs, shape), { elementType: "bool", shape }), "int32");
}

/** The rows of the primitives that act on each element alone. ONNX broadcasts by the same rule as autodiff. */
export const elementwise = {
  neg: operator<"neg">("Neg"),
  exp: operator<"exp">("Exp"),
  log: operator<"log">("Log"),
  sqrt: operator<"sqrt">("Sqrt"),
  tanh: operator<"tanh">("Tanh"),
  sigmoid: operator<"sigmoid">("Sigmoid"),
  softplus: operator<"softplus">("Softplus"),
  erf: operator<"erf">("Erf"),
  abs: operator<"abs">("Abs"),
  sign: operator<"sign">("Sign"),
  sin: operator<"sin">("Sin"),
  cos: operator<"cos">("Cos"),
  add: operator<"add">("Add"),
  sub: operator<"sub">("Sub"),
  mul: operator<"mul">("Mul"),
  div: operator<"div">("Div"),
  pow: operator<"pow">("Pow"),
  minimum: operator<"minimum">("Min"),
  // max(x, 0) has an operator of its own, which ONNX Runtime folds into the matrix product before it.
  maximum: (tensor, inputs) => {
    const [a, b] = unexpanded(inputs, tensor.shape);
    return isZero(b) ? result(tensor, "Relu", [a]) : result(tensor, "Max", [a, b]);
  },
  less: comparison<"less">("Less"),
  lessEqual: comparison<"lessEqual">("LessOrEqual"),
  equal: comparison<"equal">("Equal"),
  select: (tensor, inputs) => {
    const [mask, a, b] = unexpanded(inputs, tensor.shape);
    return result(tensor, "Where", [booleanOf(mask), a, b]);
  },
  toFloat: (_, [mask]) => cast(isMask(mask) ? mask.inputs[0] : mask, "float32"),
  toInt: (_, [x]) => cast(x, "int32"),
} satisfies { readonly [P in PrimitiveName]?: Lowering<P> };

/** The value converted to another element type. */
export function cast(value: Value, elementType: ElementType): Value {
  return node("Cast", [value], { elementType, shape: value.type.shape }, { to: elementTypes[elementType] });
}

/** Operands without the Expand nodes that broadcasting makes needless: the result keeps its shape. */
function unexpanded(operands: readonly Value[], shape: Shape): readonly Value[] {
  const sources = operands.map((value) => (isNode(value, "Expand") ? value.inputs[0] : value));
  if (spans(sources, shape)) return sources;
  const candidates = operands.map((kept, index) => sources.with(index, kept));
  return candidates.find((candidate) => spans(candidate, shape)) ?? operands;
}

/** Whether the operands broadcast to exactly the shape: its rank, and each of its lengths but 1, is that of some operand. */
function spans(operands: readonly Value[], shape: Shape): boolean {
  const shapes = operands.map(({ type }) => type.shape);
  return (
    shapes.some(({ length }) => length === shape.length) &&
    shape.every((length, axis) => length === 1 || shapes.some((other) => other[axis - shape.length + other.length] === length))
  );
}

function booleanOf(mask: Value): Value {
  return isMask(mask) ? mask.inputs[0] : cast(mask, "bool");
}

/** Whether the value is a comparison's boolean, cast to int32. */
function isMask(value: Value): value is Node {
  return isNode(value, "Cast") && value.inputs[0].type.elementType === "bool";
}

function isZero(value: Value): boolean {
  return value.kind === "initializer" && value.data.length === 1 && value.data[0] === 0;
}

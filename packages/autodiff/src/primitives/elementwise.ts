import { cos, erf, exp, log, OptionError, pow, ShapeError, sin, tanh } from "@uphill/core-math";
import { formatShape, sameShape } from "../shape.js";
import type { DType } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { addOptional, withoutDerivative } from "./primitive.js";
import type { Primitive, PrimitiveAttributes, PrimitiveName, TensorType } from "./primitive.js";

/** Primitives without attributes: their inputs say everything. */
type Plain = {
  [P in PrimitiveName]: keyof PrimitiveAttributes[P] extends never ? P : never;
}[PrimitiveName];

/** ∂y/∂x as an expression of the inputs and the result; ±1 spares a product, undefined is zero. */
type Derivative = (inputs: readonly Tensor[], result: Tensor) => Tensor | 1 | -1 | undefined;

function scaled(direction: Tensor | undefined, derivative: ReturnType<Derivative>): Tensor | undefined {
  if (direction === undefined || derivative === undefined) return undefined;
  if (derivative === 1) return direction;
  return derivative === -1 ? direction.neg() : direction.mul(derivative);
}

function elementwiseType(primitive: Plain, dtypes: readonly DType[], result: DType) {
  return (inputs: readonly TensorType[]): TensorType => {
    const shape = inputs[0].shape;
    inputs.forEach((input, index) => {
      if (!sameShape(input.shape, shape)) {
        throw new ShapeError(
          `${primitive}: expected inputs of one shape, got ${inputs.map((i) => formatShape(i.shape)).join(" and ")}`,
        );
      }
      if (input.dtype !== dtypes[index]) {
        const remedy = input.dtype === "int32" ? "toFloat()" : "toInt()";
        throw new OptionError(
          `${primitive}: expected ${dtypes[index]} for input ${index + 1}, got ${input.dtype} (convert it by ${remedy})`,
        );
      }
    });
    return { shape, dtype: result };
  };
}

function differentiable<P extends Plain>(
  primitive: P,
  arity: number,
  evaluate: Primitive<P>["evaluate"],
  derivatives: readonly Derivative[],
): Primitive<P> {
  return {
    type: elementwiseType(primitive, Array<DType>(arity).fill("float32"), "float32"),
    evaluate,
    forward: (node, tangents) => {
      let sum: Tensor | undefined;
      derivatives.forEach((derivative, index) => {
        if (tangents[index] === undefined) return;
        sum = addOptional(sum, scaled(tangents[index], derivative(node.inputs, node)));
      });
      return sum;
    },
    reverse: (node, cotangent) =>
      derivatives.map((derivative) => scaled(cotangent, derivative(node.inputs, node))),
  };
}

function unary<P extends Plain>(primitive: P, f: (x: number) => number, derivative: Derivative): Primitive<P> {
  return differentiable(
    primitive,
    1,
    ([x], _, out) => {
      for (let i = 0; i < out.data.length; i++) out.data[i] = f(x.data[i]);
    },
    [derivative],
  );
}

function binary<P extends Plain>(
  primitive: P,
  f: (a: number, b: number) => number,
  derivativeA: Derivative,
  derivativeB: Derivative,
): Primitive<P> {
  return differentiable(
    primitive,
    2,
    ([a, b], _, out) => {
      for (let i = 0; i < out.data.length; i++) out.data[i] = f(a.data[i], b.data[i]);
    },
    [derivativeA, derivativeB],
  );
}

/** Comparisons take two tensors of one dtype and give 0/1. */
function comparison<P extends Plain>(primitive: P, holds: (a: number, b: number) => boolean): Primitive<P> {
  return {
    type: (inputs) => {
      const dtype = inputs[0].dtype;
      return elementwiseType(primitive, [dtype, dtype], "int32")(inputs);
    },
    evaluate: ([a, b], _, out) => {
      for (let i = 0; i < out.data.length; i++) out.data[i] = holds(a.data[i], b.data[i]) ? 1 : 0;
    },
    ...withoutDerivative,
  };
}

/** 1 / (1 + e^−x), without overflow. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  const e = exp(x);
  return e / (1 + e);
}

/** log(1 + e^x), without overflow and without losing small results. */
export function softplus(x: number): number {
  const e = exp(-Math.abs(x));
  // log(1 + e) by Goldberg's correction: accurate although 1 + e rounds.
  const onePlus = 1 + e;
  const log1p = onePlus === 1 ? e : (log(onePlus) * e) / (onePlus - 1);
  return Math.max(x, 0) + log1p;
}

/** 2/√π: the slope of erf at 0. */
const ERF_SLOPE = 1.1283791670955126;

/** Rows of the primitives that act on each element alone. */
export const elementwise = {
  neg: unary("neg", (x) => -x, () => -1),
  exp: unary("exp", exp, (_, y) => y),
  log: unary("log", log, ([x]) => x.reciprocal()),
  sqrt: unary("sqrt", Math.sqrt, (_, y) => y.reciprocal().mul(0.5)),
  tanh: unary("tanh", tanh, (_, y) => y.square().neg().add(1)),
  sigmoid: unary("sigmoid", sigmoid, (_, y) => y.mul(y.neg().add(1))),
  softplus: unary("softplus", softplus, ([x]) => x.sigmoid()),
  erf: unary("erf", erf, ([x]) => x.square().neg().exp().mul(ERF_SLOPE)),
  abs: unary("abs", Math.abs, ([x]) => x.sign()),
  sign: unary("sign", Math.sign, () => undefined),
  sin: unary("sin", sin, ([x]) => x.cos()),
  cos: unary("cos", cos, ([x]) => x.sin().neg()),
  add: binary("add", (a, b) => a + b, () => 1, () => 1),
  sub: binary("sub", (a, b) => a - b, () => 1, () => -1),
  mul: binary("mul", (a, b) => a * b, ([, b]) => b, ([a]) => a),
  div: binary("div", (a, b) => a / b, ([, b]) => b.reciprocal(), ([, b], y) => y.div(b).neg()),
  pow: binary(
    "pow",
    pow,
    ([a, b]) => b.mul(a.pow(b.sub(1))),
    // log a has no value for a ≤ 0, where a^b does not depend smoothly on b: the derivative there is 0.
    ([a], y) => a.greater(0).select(y.mul(a.greater(0).select(a, 1).log()), 0),
  ),
  // At a tie the second input takes the whole derivative, so that relu'(0) = 0 as maximum(x, 0).
  minimum: binary("minimum", Math.min, ([a, b]) => a.less(b).toFloat(), ([a, b]) => b.lessEqual(a).toFloat()),
  maximum: binary("maximum", Math.max, ([a, b]) => b.less(a).toFloat(), ([a, b]) => a.lessEqual(b).toFloat()),
  less: comparison("less", (a, b) => a < b),
  lessEqual: comparison("lessEqual", (a, b) => a <= b),
  equal: comparison("equal", (a, b) => a === b),
  select: {
    type: (inputs) => {
      const dtype = inputs[1].dtype;
      return elementwiseType("select", ["int32", dtype, dtype], dtype)(inputs);
    },
    evaluate: ([mask, a, b], _, out) => {
      for (let i = 0; i < out.data.length; i++) out.data[i] = (mask.data[i] === 0 ? b : a).data[i];
    },
    forward: ({ inputs: [mask] }, [, a, b]) => mask.select(a ?? 0, b ?? 0),
    reverse: ({ inputs: [mask] }, cotangent) => [undefined, mask.select(cotangent, 0), mask.select(0, cotangent)],
  } satisfies Primitive<"select">,
  toFloat: {
    type: elementwiseType("toFloat", ["int32"], "float32"),
    evaluate: ([x], _, out) => out.data.set(x.data),
    ...withoutDerivative,
  } satisfies Primitive<"toFloat">,
  toInt: {
    type: elementwiseType("toInt", ["float32"], "int32"),
    evaluate: ([x], _, out) => {
      for (let i = 0; i < out.data.length; i++) out.data[i] = Math.trunc(x.data[i]);
    },
    ...withoutDerivative,
  } satisfies Primitive<"toInt">,
};

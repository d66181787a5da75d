import { exp, log, ShapeError } from "@uphill/core-math";
import { broadcastStrides, formatShape, reducedShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { requireFloat } from "./checks.js";
import { forEachElement } from "./iterate.js";
import { withoutDerivative } from "./primitive.js";
import type { Primitive, PrimitiveName, TensorType, Values } from "./primitive.js";

type AxisReduction = "sum" | "max";

/** A reduced tensor stretched back over the axes that the reduction removed. */
function expanded(reduced: Tensor, node: Tensor<AxisReduction>, source: Tensor): Tensor {
  const kept = reducedShape(source.shape, node.attributes.axes, true);
  return reduced.reshape(kept).broadcastTo(source.shape);
}

/** Stretches a tensor over a last axis that it lacks. */
function alongLast(reduced: Tensor, source: Tensor): Tensor {
  return reduced.reshape([...reduced.shape, 1]).broadcastTo(source.shape);
}

/** Calls `visit(i, o)` for each element i of the input and the element o of the output that it falls into. */
function forEachReduced(
  input: Values,
  axes: readonly number[],
  visit: (inputIndex: number, outputIndex: number) => void,
): void {
  const kept = input.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  forEachElement(input.shape, [broadcastStrides(kept, input.shape)], (index, [outputIndex]) =>
    visit(index, outputIndex),
  );
}

function axisReductionType(primitive: AxisReduction): Primitive<AxisReduction>["type"] {
  return ([input], { axes, keepDimensions }) => {
    requireFloat(primitive, input);
    return { shape: reducedShape(input.shape, axes, keepDimensions), dtype: "float32" };
  };
}

function requireLastAxis(primitive: PrimitiveName, input: TensorType): void {
  const last = input.shape.at(-1)!;
  if (last === undefined || last === 0) {
    throw new ShapeError(`${primitive}: expected a last axis that is not empty, got ${formatShape(input.shape)}`);
  }
}

/** Rows of the primitives that combine the elements along axes. */
export const reductions = {
  sum: {
    type: axisReductionType("sum"),
    evaluate: ([x], { axes }, out) => {
      out.data.fill(0);
      forEachReduced(x, axes, (i, o) => (out.data[o] += x.data[i]));
    },
    forward: ({ attributes: { axes, keepDimensions } }, [x]) => x!.sum(axes, keepDimensions),
    reverse: (node, cotangent) => [expanded(cotangent, node, node.inputs[0])],
  } satisfies Primitive<"sum">,

  // The derivative is shared evenly between the elements that attain the maximum.
  max: {
    type: axisReductionType("max"),
    evaluate: ([x], { axes }, out) => {
      out.data.fill(-Infinity);
      forEachReduced(x, axes, (i, o) => (out.data[o] = Math.max(out.data[o], x.data[i])));
    },
    forward: (node, [tangent]) => {
      const { axes, keepDimensions } = node.attributes;
      return shareOfMaximum(node).mul(tangent!).sum(axes, keepDimensions);
    },
    reverse: (node, cotangent) => [shareOfMaximum(node).mul(expanded(cotangent, node, node.inputs[0]))],
  } satisfies Primitive<"max">,

  // log Σ exp x over the last axis, shifted by the maximum so that nothing overflows.
  logSumExp: {
    type: ([x]) => {
      requireFloat("logSumExp", x);
      requireLastAxis("logSumExp", x);
      return { shape: x.shape.slice(0, -1), dtype: "float32" };
    },
    evaluate: ([x], _, out) => {
      const width = x.shape.at(-1)!;
      for (let row = 0; row < out.data.length; row++) {
        let maximum = -Infinity;
        for (let j = 0; j < width; j++) maximum = Math.max(maximum, x.data[row * width + j]);
        if (maximum === Infinity || maximum === -Infinity) {
          out.data[row] = maximum;
          continue;
        }
        let sum = 0;
        for (let j = 0; j < width; j++) sum += exp(x.data[row * width + j] - maximum);
        out.data[row] = maximum + log(sum);
      }
    },
    forward: (node, [tangent]) => softmaxOf(node).mul(tangent!).sum(-1),
    reverse: (node, cotangent) => [softmaxOf(node).mul(alongLast(cotangent, node.inputs[0]))],
  } satisfies Primitive<"logSumExp">,

  // Index of the largest element of the last axis; the first one at a tie.
  argMax: {
    type: ([x]) => {
      requireFloat("argMax", x);
      requireLastAxis("argMax", x);
      return { shape: x.shape.slice(0, -1), dtype: "int32" };
    },
    evaluate: ([x], _, out) => {
      const width = x.shape.at(-1)!;
      for (let row = 0; row < out.data.length; row++) {
        let best = 0;
        for (let j = 1; j < width; j++) {
          if (x.data[row * width + j] > x.data[row * width + best]) best = j;
        }
        out.data[row] = best;
      }
    },
    ...withoutDerivative,
  } satisfies Primitive<"argMax">,
};

/** 1/k where an element is one of the k that attain the maximum, else 0. */
function shareOfMaximum(node: Tensor<"max">): Tensor {
  const [x] = node.inputs;
  const attains = x.equal(expanded(node, node, x)).toFloat();
  return attains.div(expanded(attains.sum(node.attributes.axes, true), node, x));
}

function softmaxOf(node: Tensor<"logSumExp">): Tensor {
  const [x] = node.inputs;
  return x.sub(alongLast(node, x)).exp();
}

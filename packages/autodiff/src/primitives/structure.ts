import { ShapeError } from "@uphill/core-math";
import { broadcastStrides, broadcastsTo, formatShape, stridesOf } from "../shape.js";
import type { Dimension, Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { forEachElement } from "./iterate.js";
import type { Primitive, PrimitiveName, TensorType } from "./primitive.js";

/** Rows of the primitives that move elements without changing them. */
export const structure = {
  broadcast: {
    type: ([x], { shape }) => {
      if (!broadcastsTo(x.shape, shape)) {
        throw new ShapeError(
          `broadcast: expected a shape that broadcasts to ${formatShape(shape)}, got ${formatShape(x.shape)}`,
        );
      }
      return { shape, dtype: x.dtype };
    },
    evaluate: ([x], _, out) => {
      if (x.data.length === 1) {
        out.data.fill(x.data[0]);
        return;
      }
      forEachElement(out.shape, [broadcastStrides(x.shape, out.shape)], (index, [source]) => {
        out.data[index] = x.data[source];
      });
    },
    forward: ({ attributes: { shape } }, [x]) => x!.broadcastTo(shape),
    reverse: ({ inputs: [x] }, cotangent) => [sumTo(cotangent, x.shape)],
  } satisfies Primitive<"broadcast">,

  reshape: {
    type: ([x], { shape }) => {
      if (!sameCount(x.shape, shape)) {
        throw new ShapeError(
          `reshape: expected a shape with as many elements as ${formatShape(x.shape)}, got ${formatShape(shape)}`,
        );
      }
      return { shape, dtype: x.dtype };
    },
    evaluate: ([x], _, out) => out.data.set(x.data),
    forward: ({ attributes: { shape } }, [x]) => x!.reshape(shape),
    reverse: ({ inputs: [x] }, cotangent) => [cotangent.reshape(x.shape)],
  } satisfies Primitive<"reshape">,

  transpose: {
    type: ([x], { permutation }) => {
      const sorted = [...permutation].sort((a, b) => a - b);
      if (sorted.length !== x.shape.length || sorted.some((axis, index) => axis !== index)) {
        throw new ShapeError(
          `transpose: expected a permutation of the axes of ${formatShape(x.shape)}, got [${permutation.join(", ")}]`,
        );
      }
      return { shape: permutation.map((axis) => x.shape[axis]), dtype: x.dtype };
    },
    evaluate: ([x], { permutation }, out) => {
      const strides = stridesOf(x.shape);
      const permuted = permutation.map((axis) => strides[axis]);
      forEachElement(out.shape, [permuted], (index, [source]) => {
        out.data[index] = x.data[source];
      });
    },
    forward: ({ attributes: { permutation } }, [x]) => x!.transpose(permutation),
    reverse: ({ attributes: { permutation } }, cotangent) => {
      const inverse = new Array<number>(permutation.length);
      permutation.forEach((axis, index) => (inverse[axis] = index));
      return [cotangent.transpose(inverse)];
    },
  } satisfies Primitive<"transpose">,

  slice: {
    type: ([x], { axis, start, end }) => {
      const length = fixedLength("slice", x, axis);
      if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || start > end || end > length) {
        throw new ShapeError(`slice: expected 0 ≤ start ≤ end ≤ ${length} on axis ${axis}, got ${start} and ${end}`);
      }
      return { shape: x.shape.with(axis, end - start), dtype: x.dtype };
    },
    evaluate: ([x], { axis, start }, out) => {
      const strides = stridesOf(x.shape);
      const offset = start * strides[axis];
      forEachElement(out.shape, [strides], (index, [source]) => {
        out.data[index] = x.data[offset + source];
      });
    },
    forward: ({ attributes: { axis, start, end } }, [x]) => x!.slice(axis, start, end),
    reverse: ({ inputs: [x], attributes: { axis, start, end } }, cotangent) => [
      cotangent.pad(axis, start, fixedLength("slice", x, axis) - end),
    ],
  } satisfies Primitive<"slice">,

  pad: {
    type: ([x], { axis, before, after }) => {
      const length = fixedLength("pad", x, axis);
      if (!Number.isInteger(before) || !Number.isInteger(after) || before < 0 || after < 0) {
        throw new ShapeError(`pad: expected non-negative widths on axis ${axis}, got ${before} and ${after}`);
      }
      return { shape: x.shape.with(axis, length + before + after), dtype: x.dtype };
    },
    evaluate: ([x], { axis, before }, out) => {
      out.data.fill(0);
      const strides = stridesOf(out.shape);
      const offset = before * strides[axis];
      forEachElement(x.shape, [strides], (index, [target]) => {
        out.data[offset + target] = x.data[index];
      });
    },
    forward: ({ attributes: { axis, before, after } }, [x]) => x!.pad(axis, before, after),
    reverse: ({ inputs: [x], attributes: { axis, before } }, cotangent) => [
      cotangent.slice(axis, before, before + fixedLength("pad", x, axis)),
    ],
  } satisfies Primitive<"pad">,

  concat: {
    type: (inputs, { axis }) => {
      const [first] = inputs;
      let length = 0;
      for (const input of inputs) {
        length += fixedLength("concat", input, axis);
        const others = input.shape.with(axis, 0);
        const expected = first.shape.with(axis, 0);
        const fits = others.length === expected.length && others.every((d, i) => d === expected[i]);
        if (!fits || input.dtype !== first.dtype) {
          throw new ShapeError(
            `concat: expected tensors that differ only in axis ${axis}, got ${inputs
              .map((i) => `${i.dtype} ${formatShape(i.shape)}`)
              .join(" and ")}`,
          );
        }
      }
      return { shape: first.shape.with(axis, length), dtype: first.dtype };
    },
    evaluate: (inputs, { axis }, out) => {
      const strides = stridesOf(out.shape);
      let offset = 0;
      for (const input of inputs) {
        forEachElement(input.shape, [strides], (index, [target]) => {
          out.data[offset + target] = input.data[index];
        });
        offset += input.shape[axis] * strides[axis];
      }
    },
    // Each part's tangent padded to its place: zeros elsewhere.
    forward: ({ inputs, shape, attributes: { axis } }, tangents) => {
      const total = shape[axis] as number;
      let before = 0;
      let sum: Tensor | undefined;
      inputs.forEach((input, index) => {
        const length = fixedLength("concat", input, axis);
        const part = tangents[index]?.pad(axis, before, total - before - length);
        if (part !== undefined) sum = sum === undefined ? part : sum.add(part);
        before += length;
      });
      return sum;
    },
    reverse: ({ inputs, attributes: { axis } }, cotangent) => {
      let start = 0;
      return inputs.map((input) => {
        const length = fixedLength("concat", input, axis);
        start += length;
        return cotangent.slice(axis, start - length, start);
      });
    },
  } satisfies Primitive<"concat">,
};

/** Sums the axes along which `shape` was stretched, so that the result has that shape. */
function sumTo(stretched: Tensor, shape: Shape): Tensor {
  const offset = stretched.shape.length - shape.length;
  const axes = stretched.shape.flatMap((dimension, axis) =>
    axis < offset || (shape[axis - offset] === 1 && dimension !== 1) ? [axis] : [],
  );
  return stretched.sum(axes).reshape(shape);
}

function fixedLength(primitive: PrimitiveName, input: TensorType, axis: number): number {
  const length = input.shape[axis];
  if (typeof length !== "number") {
    throw new ShapeError(
      `${primitive}: expected an axis of fixed length, got axis ${axis} of ${formatShape(input.shape)}`,
    );
  }
  return length;
}

/** Whether two shapes hold equally many elements whatever their named dimensions are. */
function sameCount(a: Shape, b: Shape): boolean {
  const names = (shape: Shape): Dimension[] => shape.filter((d) => typeof d === "string").sort();
  const product = (shape: Shape): number => shape.reduce<number>((p, d) => (typeof d === "number" ? p * d : p), 1);
  const [namesA, namesB] = [names(a), names(b)];
  return product(a) === product(b) && namesA.length === namesB.length && namesA.every((d, i) => d === namesB[i]);
}

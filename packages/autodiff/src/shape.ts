import { ShapeError } from "@uphill/core-math";

/** A dimension: its length, or a name (`"batch"`) whose length is known only when a program runs. */
export type Dimension = number | string;

/** The dimensions of a tensor, outermost first. `[]` is a scalar. */
export type Shape = readonly Dimension[];

/** Element type of a tensor: numbers, or integers for indices and 0/1 masks. */
export type DType = "float32" | "int32";

/** Lengths of the named dimensions in one run of a program. */
export type Bindings = ReadonlyMap<string, number>;

/** `[batch, 4]`: a shape as error messages print it. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Whether two shapes are equal; a named dimension equals only itself. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}

/**
 * The common shape of two tensors by NumPy's rule: align at the last axis; a length of 1 stretches.
 *
 * @throws ShapeError naming the primitive and both shapes.
 */
export function broadcastShapes(primitive: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const result: Dimension[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new ShapeError(
        `${primitive}: expected shapes that broadcast together, got ${formatShape(a)} and ${formatShape(b)}`,
      );
    }
    result.push(left === 1 ? right : left);
  }
  return result;
}

/** Whether `from` broadcasts to exactly `to`. */
export function broadcastsTo(from: Shape, to: Shape): boolean {
  const offset = to.length - from.length;
  return offset >= 0 && from.every((dimension, axis) => dimension === 1 || dimension === to[axis + offset]);
}

/** Axes as sorted distinct non-negative numbers; all of them where none are given. */
export function normalizeAxes(
  primitive: string,
  axes: number | readonly number[] | undefined,
  rank: number,
): readonly number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const list = typeof axes === "number" ? [axes] : axes;
  const normalized = list.map((axis) => normalizeAxis(primitive, axis, rank));
  if (new Set(normalized).size !== normalized.length) {
    throw new ShapeError(`${primitive}: expected distinct axes, got [${list.join(", ")}]`);
  }
  return normalized.sort((x, y) => x - y);
}

/** One axis as a non-negative number; −1 is the last. */
export function normalizeAxis(primitive: string, axis: number, rank: number): number {
  const normalized = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || normalized < 0 || normalized >= rank) {
    throw new ShapeError(`${primitive}: expected an axis of a tensor of rank ${rank}, got ${axis}`);
  }
  return normalized;
}

/** The shape without `axes`, or with them kept at length 1. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDimensions: boolean): Shape {
  return keepDimensions
    ? shape.map((dimension, axis) => (axes.includes(axis) ? 1 : dimension))
    : shape.filter((_, axis) => !axes.includes(axis));
}

/** The shape with its named dimensions replaced by their lengths. */
export function concreteShape(shape: Shape, bindings: Bindings): readonly number[] {
  return shape.map((dimension) => {
    if (typeof dimension === "number") return dimension;
    const length = bindings.get(dimension);
    if (length === undefined) {
      throw new ShapeError(`dimension "${dimension}": expected an input whose shape fixes its length, got none`);
    }
    return length;
  });
}

/** Number of elements: the product of the lengths, 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (const length of shape) count *= length;
  return count;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** Strides with which a tensor of shape `from` is read as one of shape `to`: 0 along stretched axes. */
export function broadcastStrides(from: readonly number[], to: readonly number[]): number[] {
  const strides = stridesOf(from);
  const offset = to.length - from.length;
  return to.map((_, axis) => (axis < offset || from[axis - offset] === 1 ? 0 : strides[axis - offset]));
}

/** Checks that a shape has non-negative integer lengths and non-empty names. */
export function validateShape(argument: string, shape: Shape): void {
  const valid =
    Array.isArray(shape) &&
    shape.every((dimension) =>
      typeof dimension === "string" ? dimension.length > 0 : Number.isSafeInteger(dimension) && dimension >= 0,
    );
  if (!valid) {
    throw new ShapeError(
      `${argument}: expected a shape of non-negative integers and names, got ${JSON.stringify(shape)}`,
    );
  }
}

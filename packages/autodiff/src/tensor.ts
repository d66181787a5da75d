import { OptionError } from "@uphill/core-math";
import type { PrimitiveAttributes, PrimitiveName } from "./primitives/primitive.js";
import { primitiveRow } from "./primitives/table.js";
import { broadcastShapes, normalizeAxes, normalizeAxis, sameShape } from "./shape.js";
import type { DType, Dimension, Shape } from "./shape.js";

/** What arithmetic accepts beside a tensor: a number stands for a constant of the other's dtype. */
export type TensorLike = Tensor | number;

/** Which factors of a matrix product are read transposed. */
export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * An immutable symbolic expression: a primitive applied to inputs.
 *
 * Arithmetic reads as formulas, by methods; each builds a new expression and computes nothing.
 * Elementwise operations broadcast by NumPy's rule. Shapes and dtypes are checked here, as the
 * expression is built: a ShapeError or OptionError names the primitive and both sides.
 */
export class Tensor<P extends PrimitiveName = PrimitiveName> {
  /** Dimensions, outermost first; `[]` is a scalar. */
  readonly shape: Shape;
  /** Element type. */
  readonly dtype: DType;

  /** @internal Use {@link input}, {@link variable}, {@link constant} and the methods. */
  constructor(
    /** What computes this tensor from its inputs. */
    readonly primitive: P,
    /** The operands. */
    readonly inputs: readonly Tensor[],
    /** What fixes the result beside the operands. */
    readonly attributes: PrimitiveAttributes[P],
    /** How run-time errors call this tensor. */
    readonly name?: string,
  ) {
    const { shape, dtype } = primitiveRow(primitive).type(inputs, attributes);
    this.shape = shape;
    this.dtype = dtype;
  }

  /** The same expression under a name that run-time errors use, as `"policy/logits"`. */
  named(name: string): Tensor {
    return new Tensor(this.primitive, this.inputs, this.attributes, name);
  }

  /** a + b. */
  add(other: TensorLike): Tensor {
    return elementwise("add", this, other);
  }
  /** a − b. */
  sub(other: TensorLike): Tensor {
    return elementwise("sub", this, other);
  }
  /** a · b, element by element. */
  mul(other: TensorLike): Tensor {
    return elementwise("mul", this, other);
  }
  /** a / b; division by zero follows IEEE 754. */
  div(other: TensorLike): Tensor {
    return elementwise("div", this, other);
  }
  /** aᵇ. The derivative in b is 0 where a ≤ 0. */
  pow(other: TensorLike): Tensor {
    return elementwise("pow", this, other);
  }
  /** −x. */
  neg(): Tensor {
    return new Tensor("neg", [this], {});
  }
  /** eˣ. */
  exp(): Tensor {
    return new Tensor("exp", [this], {});
  }
  /** Natural logarithm; −∞ at 0, NaN below. */
  log(): Tensor {
    return new Tensor("log", [this], {});
  }
  /** √x; NaN below 0. */
  sqrt(): Tensor {
    return new Tensor("sqrt", [this], {});
  }
  /** x². */
  square(): Tensor {
    return this.mul(this);
  }
  /** 1/x. */
  reciprocal(): Tensor {
    return lift(1, this).div(this);
  }
  /** |x|, with derivative 0 at 0. */
  abs(): Tensor {
    return new Tensor("abs", [this], {});
  }
  /** −1, 0 or 1; without derivative. */
  sign(): Tensor {
    return new Tensor("sign", [this], {});
  }
  /** sin x, x in radians. */
  sin(): Tensor {
    return new Tensor("sin", [this], {});
  }
  /** cos x, x in radians. */
  cos(): Tensor {
    return new Tensor("cos", [this], {});
  }
  /** Hyperbolic tangent. */
  tanh(): Tensor {
    return new Tensor("tanh", [this], {});
  }
  /** σ(x) = 1 / (1 + e⁻ˣ). */
  sigmoid(): Tensor {
    return new Tensor("sigmoid", [this], {});
  }
  /** log(1 + eˣ), without overflow. */
  softplus(): Tensor {
    return new Tensor("softplus", [this], {});
  }
  /** The error function erf x = 2/√π · ∫₀ˣ exp(−t²) dt. */
  erf(): Tensor {
    return new Tensor("erf", [this], {});
  }
  /** max(x, 0), with derivative 0 at 0. */
  relu(): Tensor {
    return elementwise("maximum", this, 0);
  }
  /** x where x > 0, else eˣ − 1 (Clevert et al. 2016, with α = 1). */
  elu(): Tensor {
    return this.greater(0).select(this, elementwise("minimum", this, 0).exp().sub(1));
  }
  /** x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))) (Hendrycks and Gimpel 2016, the tanh form). */
  gelu(): Tensor {
    const cubic = this.square().mul(this).mul(0.044715);
    const inner = this.add(cubic).mul(Math.sqrt(2 / Math.PI));
    return this.mul(0.5).mul(inner.tanh().add(1));
  }
  /** min(max(x, low), high); the derivative is 1 strictly between the bounds and 0 elsewhere. */
  clip(low: TensorLike, high: TensorLike): Tensor {
    return elementwise("minimum", elementwise("maximum", this, low), high);
  }

  /** 1 where a < b, else 0 (int32). */
  less(other: TensorLike): Tensor {
    return elementwise("less", this, other);
  }
  /** 1 where a ≤ b, else 0 (int32). */
  lessEqual(other: TensorLike): Tensor {
    return elementwise("lessEqual", this, other);
  }
  /** 1 where a > b, else 0 (int32). */
  greater(other: TensorLike): Tensor {
    return elementwise("less", lift(other, this), this);
  }
  /** 1 where a ≥ b, else 0 (int32). */
  greaterEqual(other: TensorLike): Tensor {
    return elementwise("lessEqual", lift(other, this), this);
  }
  /** 1 where a = b, else 0 (int32). */
  equal(other: TensorLike): Tensor {
    return elementwise("equal", this, other);
  }
  /** This mask's choice: `a` where it is not 0, `b` elsewhere. {@link where} is the same as a function. */
  select(a: TensorLike, b: TensorLike): Tensor {
    const like = typeof a === "number" ? b : a;
    const [left, right] =
      typeof like === "number"
        ? [constant(a as number), constant(b as number)]
        : [lift(a, like), lift(b, like)];
    const shape = broadcastShapes("select", this.shape, broadcastShapes("select", left.shape, right.shape));
    return new Tensor("select", [this, left, right].map((x) => x.broadcastTo(shape)), {});
  }
  /** An int32 tensor as numbers. */
  toFloat(): Tensor {
    return new Tensor("toFloat", [this], {});
  }
  /** Numbers as int32, rounded towards zero. */
  toInt(): Tensor {
    return new Tensor("toInt", [this], {});
  }

  /** Sum over axes, all by default; axes count from the end when negative. */
  sum(axes?: number | readonly number[], keepDimensions = false): Tensor {
    const normalized = normalizeAxes("sum", axes, this.shape.length);
    return normalized.length === 0
      ? this
      : new Tensor("sum", [this], { axes: normalized, keepDimensions });
  }
  /** Mean over axes, all by default. */
  mean(axes?: number | readonly number[], keepDimensions = false): Tensor {
    const normalized = normalizeAxes("mean", axes, this.shape.length);
    const dimensions = normalized.map((axis) => this.shape[axis]);
    return this.sum(normalized, keepDimensions).div(new Tensor("size", [], { dimensions }));
  }
  /** Largest element over axes, all by default. */
  max(axes?: number | readonly number[], keepDimensions = false): Tensor {
    const normalized = normalizeAxes("max", axes, this.shape.length);
    return normalized.length === 0
      ? this
      : new Tensor("max", [this], { axes: normalized, keepDimensions });
  }
  /** Smallest element over axes, all by default. */
  min(axes?: number | readonly number[], keepDimensions = false): Tensor {
    return this.neg().max(axes, keepDimensions).neg();
  }

  /** Matrix product of two tensors of rank 2: [m, k] · [k, n] → [m, n]. */
  matmul(other: Tensor, options: MatmulOptions = {}): Tensor {
    const [a, flipA] = withoutTranspose(this);
    const [b, flipB] = withoutTranspose(other);
    return new Tensor("matmul", [a, b], {
      transposeA: (options.transposeA ?? false) !== flipA,
      transposeB: (options.transposeB ?? false) !== flipB,
    });
  }
  /** Axes in another order; reversed by default. */
  transpose(permutation?: readonly number[]): Tensor {
    const order = permutation ?? this.shape.map((_, axis) => this.shape.length - 1 - axis);
    return new Tensor("transpose", [this], { permutation: order });
  }
  /** The same elements, row-major, in another shape; named dimensions stay whole. */
  reshape(shape: Shape): Tensor {
    return sameShape(this.shape, shape) ? this : new Tensor("reshape", [this], { shape });
  }
  /** Stretches axes of length 1, and adds axes in front. */
  broadcastTo(shape: Shape): Tensor {
    return sameShape(this.shape, shape) ? this : new Tensor("broadcast", [this], { shape });
  }
  /** Elements `start` … `end − 1` of an axis of fixed length. */
  slice(axis: number, start: number, end: number): Tensor {
    return new Tensor("slice", [this], { axis: normalizeAxis("slice", axis, this.shape.length), start, end });
  }
  /** Zeros before and after, along an axis of fixed length. */
  pad(axis: number, before: number, after: number): Tensor {
    return new Tensor("pad", [this], { axis: normalizeAxis("pad", axis, this.shape.length), before, after });
  }

  /** Rows of this table [n, …r] by int32 indices [k…]: [k…, …r]. An index out of range fails the run. */
  gather(indices: Tensor): Tensor {
    return new Tensor("gather", [this, indices], {});
  }
  /** Zeros [rows, …r], to which each row of this [k…, …r] is added at its index, in order. */
  scatterAdd(indices: Tensor, rows: Dimension): Tensor {
    return new Tensor("scatterAdd", [this, indices], { rows });
  }
  /** One element of each last-axis row of this […, n], by int32 indices […]: […]. */
  takeAlong(indices: Tensor): Tensor {
    return new Tensor("takeAlong", [this, indices], {});
  }
  /** Zeros […, size] with each element of this […] at its row's index. */
  putAlong(indices: Tensor, size: Dimension): Tensor {
    return new Tensor("putAlong", [this, indices], { size });
  }
}

/** A constant of a value or of values in row-major order (a list is a vector unless a shape is given). */
export function constant(
  value: number | ArrayLike<number>,
  shape?: readonly number[],
  dtype: DType = "float32",
): Tensor {
  const list = typeof value === "number" ? [value] : value;
  const dimensions = shape ?? (typeof value === "number" ? [] : [list.length]);
  const count = dimensions.reduce((product, length) => product * length, 1);
  if (list.length !== count && list.length !== 1) {
    throw new OptionError(`constant: expected ${count} values for shape [${dimensions.join(", ")}], got ${list.length}`);
  }
  const values = dtype === "int32" ? Int32Array.from(list) : Float64Array.from(list);
  const filled = values.length === count ? values : expand(values, count);
  return new Tensor("constant", [], { shape: dimensions, dtype, values: filled });
}

function expand<A extends Float64Array | Int32Array>(value: A, count: number): A {
  const type = value.constructor as new (length: number) => A;
  return new type(count).fill(value[0]) as A;
}

/** A number as a constant of the dtype of the tensor that it meets; a tensor as it is. */
export function lift(value: TensorLike, like: Tensor): Tensor {
  return typeof value === "number" ? constant(value, [], like.dtype) : value;
}

type Elementwise = "add" | "sub" | "mul" | "div" | "pow" | "minimum" | "maximum" | "less" | "lessEqual" | "equal";

/** Applies a primitive of two inputs, broadcast to their common shape. */
export function elementwise(primitive: Elementwise, a: Tensor, b: TensorLike): Tensor {
  const right = lift(b, a);
  const shape = broadcastShapes(primitive, a.shape, right.shape);
  return new Tensor(primitive, [a.broadcastTo(shape), right.broadcastTo(shape)], {});
}

function withoutTranspose(x: Tensor): [Tensor, boolean] {
  return x.primitive === "transpose" && x.shape.length === 2 && x.inputs[0] !== undefined && isSwap(x)
    ? [x.inputs[0], true]
    : [x, false];
}

function isSwap(x: Tensor): boolean {
  const { permutation } = x.attributes as PrimitiveAttributes["transpose"];
  return permutation[0] === 1;
}

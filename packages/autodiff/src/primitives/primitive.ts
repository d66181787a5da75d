import type { Bindings, DType, Dimension, Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** Shape and element type of a tensor. */
export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Numbers as the reference interpreter holds them: float64 or int32, row-major. */
export interface Values {
  readonly data: Float64Array | Int32Array;
  readonly shape: readonly number[];
}

/** How {@link customGradient} replaces the derivative: one cotangent for each input. */
export type CustomReverse = (cotangent: Tensor) => readonly (Tensor | undefined)[];

/** An array that a {@link HostOperation} reads or writes: row-major, exactly as long as its shape says. */
export interface HostArray {
  /** float64 from the interpreter, float32 or int32 from the other executors. */
  readonly data: Float32Array | Float64Array | Int32Array;
  /** Its lengths in this run. */
  readonly shape: readonly number[];
}

/** A function of arrays that runs in JavaScript, as {@link hostOperation} takes it. Made once, not for each expression. */
export interface HostOperation {
  /** How errors call it, as `"cholesky"`. */
  readonly name: string;
  /** Shape of the float32 result from the inputs' shapes; throws a ShapeError where these do not fit. */
  readonly shape: (inputs: readonly Shape[]) => Shape;
  /** Writes every element of `out`, from the inputs alone; keeps neither. */
  readonly compute: (inputs: readonly HostArray[], out: HostArray) => void;
  /**
   * Cotangents of the inputs from that of the result, as expressions, which may be host operations; `undefined` for zero.
   * The result is the operation's own, to be used again.
   */
  readonly reverse: (inputs: readonly Tensor[], cotangent: Tensor, result: Tensor) => readonly (Tensor | undefined)[];
}

type None = Readonly<Record<never, never>>;

/** Attributes of each primitive: what fixes its result beside its inputs. The keys are the primitives. */
export interface PrimitiveAttributes {
  // leaves
  input: TensorType;
  variable: TensorType & { readonly initial: Float32Array | Int32Array };
  constant: TensorType & { readonly values: Float64Array | Int32Array };
  size: { readonly dimensions: Shape };
  // elementwise, one input
  neg: None;
  exp: None;
  log: None;
  sqrt: None;
  tanh: None;
  sigmoid: None;
  softplus: None;
  erf: None;
  abs: None;
  sign: None;
  sin: None;
  cos: None;
  toFloat: None;
  toInt: None;
  // elementwise, two or three inputs of one shape
  add: None;
  sub: None;
  mul: None;
  div: None;
  pow: None;
  minimum: None;
  maximum: None;
  less: None;
  lessEqual: None;
  equal: None;
  select: None;
  // reductions
  sum: { readonly axes: readonly number[]; readonly keepDimensions: boolean };
  max: { readonly axes: readonly number[]; readonly keepDimensions: boolean };
  logSumExp: None;
  argMax: None;
  // structure
  broadcast: { readonly shape: Shape };
  reshape: { readonly shape: Shape };
  transpose: { readonly permutation: readonly number[] };
  slice: { readonly axis: number; readonly start: number; readonly end: number };
  pad: { readonly axis: number; readonly before: number; readonly after: number };
  concat: { readonly axis: number };
  // indexing
  gather: None;
  scatterAdd: { readonly rows: Dimension };
  takeAlong: None;
  putAlong: { readonly size: Dimension };
  // linear algebra
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean };
  // differentiation
  stopGradient: None;
  customGradient: { readonly reverse: CustomReverse };
  // what no other primitive expresses
  hostOperation: { readonly operation: HostOperation };
}

/** Name of a primitive. */
export type PrimitiveName = keyof PrimitiveAttributes;

/**
 * One row of the table of primitives: everything that the package knows of a primitive.
 *
 * A derivative rule builds new expressions, so derivatives nest. `undefined` stands for a zero.
 */
export interface Primitive<P extends PrimitiveName> {
  /** Shape and dtype of the result; throws a ShapeError or OptionError that names the primitive. */
  readonly type: (inputs: readonly TensorType[], attributes: PrimitiveAttributes[P]) => TensorType;
  /** The reference: float64, plain loops, written for clarity. Writes every element of `out`. */
  readonly evaluate: (
    inputs: readonly Values[],
    attributes: PrimitiveAttributes[P],
    out: Values,
    bindings: Bindings,
  ) => void;
  /** Tangent of the result from the tangents of the inputs (at least one is given). */
  readonly forward: (node: Tensor<P>, tangents: readonly (Tensor | undefined)[]) => Tensor | undefined;
  /** Cotangents of the inputs from the cotangent of the result. */
  readonly reverse: (node: Tensor<P>, cotangent: Tensor) => readonly (Tensor | undefined)[];
}

/** Derivative cells of a primitive whose result does not change smoothly with its inputs. */
export const withoutDerivative = {
  forward: () => undefined,
  reverse: () => [],
} as const;

/** The cotangent or tangent sum a + b, where either may be zero. */
export function addOptional(a: Tensor | undefined, b: Tensor | undefined): Tensor | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : a.add(b);
}
